"""Where paragraphs stand, and what the final reading knows of the draft around them."""

import numpy as np

from model.context import DRAFT_FEATURES, FEATURES, Frame, draft_features, frame_of, place

# Two reports: an opening line, a heading over three lines; then a line without a heading, a heading over one line.
BODY = np.array([True, False, True, True, True, True, False, True])
REPORT = np.array([0, 0, 0, 0, 0, 1, 1, 1])
DRAFT = np.array([0.1, 0.9, 0.8, 0.2, 0.4, 0.3, 0.6, 0.7])


def test_frame_of_reports_is_that_of_their_lines():
    """Headings and sections from roles and from marks are the same; nothing reaches into the next report."""
    roles = ["title", "body", "heading", "body", "body", "body", "byline", "body", "heading", "body"]
    frame = frame_of(roles, np.array([0, 6, 10]))
    assert frame.themed.tolist() == [1, 2, 3, 4, 5, 7, 8, 9]
    assert frame.heading.tolist() == [-1, 1, 1, 1, 1, -1, 6, 6]
    assert frame.section.tolist() == [0, 1, 1, 1, 1, 2, 3, 3]
    again = place(frame.themed, BODY, REPORT)
    for name in Frame.__slots__:
        assert np.array_equal(getattr(again, name), getattr(frame, name)), name


def test_draft_of_the_surroundings():
    """Hand-counted: neighbours weigh by distance, a heading has its section's lines, other reports no say."""
    draft = np.column_stack((DRAFT, np.full(8, 0.5), np.ones(8)))
    learned = np.array([True, True, False])
    names = FEATURES[len(DRAFT_FEATURES) :]
    frame = place(np.arange(8), BODY, REPORT)
    found = dict(zip(names, draft_features(draft, frame, learned)[:, 0].T, strict=True))
    unclear = 1 - np.maximum(DRAFT, 0.5)
    near = [0, (0.8 + 0.1 + 0.1) / 1.75, (0.2 + 0.2) / 1.5, (0.8 + 0.4) / 2, (0.2 + 0.4) / 1.5, 0, 0.7, 0]
    over = [0, 0, 0.9, 0.9, 0.9, 0, 0, 0.6]
    wanted = {
        "draft_other": np.full(8, 0.5),
        "draft_unclear": unclear,
        "draft_heading": over,
        "draft_near": near,
        "draft_heading_unclear": over * unclear,
        "draft_near_unclear": near * unclear,
    }
    assert tuple(wanted) == names
    for name, values in wanted.items():
        assert np.allclose(found[name], values), name


def test_a_report_of_nothing():
    """No themed paragraph, no features."""
    frame = frame_of(["title", "byline"])
    assert draft_features(np.zeros((0, 2)), frame, np.ones(2, dtype=np.bool_)).shape == (0, 2, 6)
