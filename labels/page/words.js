// Every wording of the page, in both languages.
const ZH = {
  title: "政法工作报告 · 审核", practice_title: "标注练习", lead_title: "审核总览",
  accept: "接受", save: "保存", next: "下一条", skip: "跳过", undo: "撤销", none: "无主题", role: "角色", note: "备注",
  note_hint: "为什么这样判断（可不写）", themes: "主题", filter: "筛选", help: "按键与指南", close: "关闭", all: "全部",
  dark: "深色 / 浅色", language: "English", stratum: "抽取原因", theme: "主题", state: "状态", person: "审核人",
  choose: "请先选主题；没有主题请按 0。", saving: "正在保存…", kept: "已保存", undone: "已撤销", skipped: "已跳过", stale: "这一段在别的窗口里改过了，请再看一眼。", nothing: "没有可以撤销的了。",
  waiting: "与服务器的连接断了；这条答案已暂存在浏览器里，连上后自动送出。",
  draft: "有改动，尚未保存", blind: "盲审：不显示模型的判断", suggested: "模型建议", before: "前文", after: "后文",
  done_title: "都审完了", done_text: "这里没有等您判断的段落了。可以按 k 回看，或者关掉页面；所有答案都已存盘。",
  empty_title: "没有符合筛选条件的段落", empty_text: "换个条件，或按 Esc 清除筛选。", clear: "清除筛选",
  who: "请写下您的名字", who_text: "每条判断都会记上是谁做的；几个人同时审，请各用各的名字。", start: "开始",
  of_which: "其中无主题", reviewed: "已审", left: "待审", position: "第 {at} 条，共 {of} 条",
  unknown_place: "文首", edited: "已有判断", guide: "标注指南",
  keys: [["1 – 9", "主题的开与关"], ["0", "无主题"], ["Enter", "接受并到下一条"], ["s", "跳过"], ["u", "撤销上一条判断"],
    ["n", "写备注（Enter 写完，Shift+Enter 换行）"], ["r", "换角色"], ["j  k", "后一条、前一条"], ["f", "筛选"], ["l", "中文 / English"], ["?", "本页"], ["Esc", "关闭、离开备注、清除筛选"]],
  states: { todo: "待审", reviewed_themes: "有主题", reviewed_none: "无主题", skipped: "已跳过" },
  strata: { doubtful: "存疑", label_error: "疑似标错", conflict: "词语与模型不合", novel: "新说法", random: "随机", blind: "盲审", practice: "练习" },
  roles: { title: "标题", byline: "署名", heading: "小标题", body: "正文", caption: "图注", boilerplate: "网页杂项" },
  right: "判断一致", wrong: "与语料不同", should: "应有", should_not: "不应有", missed: "漏标", extra: "多标", corpus_says: "语料的答案", go_on: "继续",
  passed: "通过", failed: "还没有通过", pass_mark: "及格线 α ≥ 0.80（Krippendorff α，MASI 距离）", again: "再练一次", exact: "完全一致", per_theme: "各主题",
  progress: "进度", agreement: "一致程度", before_adjudication: "两人以上审过 {n} 段，裁决之前", agree: "一致率", coefficients: "κ：Cohen κ，各对审核人的均值；α：Krippendorff α，附 95% 区间（按报告重抽样）；主题集合用 MASI 距离。", theme_set: "主题集合", nobody_twice: "还没有两个人审过同一段。",
  overview: "总览", disputes: "分歧", no_disputes: "没有待裁决的分歧", no_disputes_text: "两人的答案不一样时，会出现在这里。", adjudicate: "裁决", adjudicated: "已裁决", take: "采用这个答案", refresh: "刷新", nobody: "还没有人审过。",
  all_states: { reviewed_themes: "有主题", reviewed_none: "无主题", disputed: "有分歧", skipped: "已跳过", not_reviewed: "待审" },
  bias: "预填的影响", bias_text: "答案与模型一致的比例。只有随机抽取的两组可以直接相比：看到建议比看不到高出很多，说明人在跟着模型走。", bias_gap: "相差", points: "个百分点",
  sides: { random: "随机，看到建议", blind: "随机，盲审", shown: "全部看到建议的" },
  stop: "何时可以停", model_right: "模型判对的比例（随机抽取的段落，按抽中概率加权）", successive: "前后两个模型的一致程度（未见过的段落）", lost: "与服务器的连接断了，正在重连。",
  advice: { measure: "先多审些随机抽取的段落（再审约 {more} 段），误差才能到 ±5 个百分点。", train: "随机样本够了。用新标注再训练一次，才能比较前后两个模型。", go_on: "前后两个模型还有差别（κ < 0.99），继续标注会有收获。", stop: "前后两个模型几乎一样（κ ≥ 0.99），随机样本也够了：可以停了。" },
};
const EN = {
  title: "Political-legal reports · review", practice_title: "Practice", lead_title: "Review, overview",
  accept: "Accept", save: "Save", next: "Next", skip: "Skip", undo: "Undo", none: "No theme", role: "Role", note: "Note",
  note_hint: "Why? (optional)", themes: "Themes", filter: "Filter", help: "Keys and guide", close: "Close", all: "All",
  dark: "Dark / light", language: "中文", stratum: "Drawn because", theme: "Theme", state: "State", person: "Reviewer",
  choose: "Choose themes first; press 0 if there are none.", saving: "Saving…", kept: "Saved", undone: "Undone", skipped: "Skipped", stale: "This line was changed in another window; please look again.", nothing: "There is nothing left to undo.",
  waiting: "The connection is lost; this answer is kept in your browser and sent as soon as it is back.",
  draft: "Changed, not saved yet", blind: "Blind: the model's answer is hidden", suggested: "suggested by the model", before: "Before", after: "After",
  done_title: "All done", done_text: "Nothing here waits for you. Press k to look back, or close the page; every answer is on disk.",
  empty_title: "No line fits the filter", empty_text: "Choose something else, or press Esc to clear it.", clear: "Clear filter",
  who: "Your name, please", who_text: "Every decision records who made it; when several review at once, each uses their own name.", start: "Start",
  of_which: "of which no theme", reviewed: "Reviewed", left: "Left", position: "{at} of {of}",
  unknown_place: "Lead", edited: "Decided", guide: "Labelling guide",
  keys: [["1 – 9", "theme on or off"], ["0", "no theme"], ["Enter", "accept, on to the next"], ["s", "skip"], ["u", "undo the last decision"],
    ["n", "note (Enter ends it, Shift+Enter breaks the line)"], ["r", "next role"], ["j  k", "next, previous"], ["f", "filter"], ["l", "中文 / English"], ["?", "this page"], ["Esc", "close, leave the note, clear the filter"]],
  states: { todo: "To do", reviewed_themes: "With themes", reviewed_none: "No theme", skipped: "Skipped" },
  strata: { doubtful: "Doubtful", label_error: "Probable error", conflict: "Terms against model", novel: "Novel", random: "Random", blind: "Blind", practice: "Practice" },
  roles: { title: "Title", byline: "Byline", heading: "Heading", body: "Body", caption: "Caption", boilerplate: "Web clutter" },
  right: "As in the corpus", wrong: "Different from the corpus", should: "should be there", should_not: "should not be there", missed: "missed", extra: "too many", corpus_says: "The corpus has", go_on: "Go on",
  passed: "Passed", failed: "Not passed yet", pass_mark: "Pass mark: α ≥ 0.80 (Krippendorff's α, MASI distance)", again: "Practise again", exact: "Exactly the same", per_theme: "Per theme",
  progress: "Progress", agreement: "Agreement", before_adjudication: "{n} lines judged by two or more, before adjudication", agree: "Agreement", coefficients: "κ: Cohen's, the mean over pairs of people; α: Krippendorff's, with its 95% interval (reports drawn anew); theme sets with the MASI distance.", theme_set: "Theme sets", nobody_twice: "No line was judged by two people yet.",
  overview: "Overview", disputes: "Disagreements", no_disputes: "No disagreement waits", no_disputes_text: "Where two people's answers differ, the line appears here.", adjudicate: "Adjudicate", adjudicated: "Adjudicated", take: "Take this answer", refresh: "Refresh", nobody: "Nobody has reviewed yet.",
  all_states: { reviewed_themes: "With themes", reviewed_none: "No theme", disputed: "In dispute", skipped: "Skipped", not_reviewed: "To do" },
  bias: "Effect of pre-filling", bias_text: "Share of answers that equal the model's. Only the two random groups compare fairly: far more agreement where the suggestion was shown means that people follow the model.", bias_gap: "Difference:", points: "points",
  sides: { random: "Random, suggestion shown", blind: "Random, blind", shown: "All with a suggestion" },
  stop: "When to stop", model_right: "Model right (lines drawn at random, weighted by their chance)", successive: "Agreement of the last two models (on unseen lines)", lost: "The connection is lost; trying again.",
  advice: { measure: "Review more random lines first (about {more} more) for an error of ±5 points.", train: "Enough random lines. Train once more with the new labels, to compare two models.", go_on: "The last two models still differ (κ < 0.99): more labels will help.", stop: "The last two models are all but the same (κ ≥ 0.99), and there are enough random lines: you can stop." },
};
export const WORDS = { zh: ZH, en: EN };

// What the browser remembers; a private window may refuse.
export const memory = {
  get(key) { try { return localStorage.getItem("zhengfa-" + key); } catch (_) { return null; } },
  set(key, value) { try { localStorage.setItem("zhengfa-" + key, value); } catch (_) { /* refused */ } },
  drop(key) { try { localStorage.removeItem("zhengfa-" + key); } catch (_) { /* refused */ } },
};

export function firstLanguage() {
  return memory.get("ui") || ((navigator.language || "zh").slice(0, 2) === "zh" ? "zh" : "en");
}
export function firstMode() {
  return memory.get("mode") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}
export function dress(ui, mode) {
  document.documentElement.dataset.ui = ui;
  document.documentElement.dataset.mode = mode;
  document.documentElement.lang = ui === "zh" ? "zh-CN" : "en";
}
// The framework opens its socket after the page's parts are mounted.
export function watchConnection(tell) {
  if (!window.socket) { setTimeout(() => watchConnection(tell), 20); return; }
  window.socket.on("disconnect", () => tell(true));
  window.socket.on("connect", () => tell(false));
}
export function percent(chance) {
  if (chance === null || chance === undefined) { return "–"; }
  return chance >= 0.995 ? ">99%" : chance < 0.005 ? "<1%" : Math.round(chance * 100) + "%";
}
