// The reviewer's page. The server says what is shown; the page holds only the draft of the answer.
import { Bar, Help, Roles, Sheet, Switches, Who } from "/page/parts.js";
import { isWriting, keyOf } from "/page/keys.js";
import { WORDS, dress, firstLanguage, firstMode, memory, watchConnection } from "/page/words.js";
import { Outcome } from "/page/outcome.js";

const THEMED = ["heading", "body"];
const NO_FILTER = { stratum: "", theme: "", state: "" };

export default {
  components: { Bar, Help, Outcome, Roles, Sheet, Switches, Who },
  props: { boot: Object },
  data() {
    return {
      ui: firstLanguage(), mode: firstMode(), name: this.boot.name || memory.get("name") || "", asking: false,
      view: null, draft: null, busy: false, lost: false, notice: "", failure: "", help: false, guide: "", showFilters: false,
      filters: { ...NO_FILTER },
    };
  },
  computed: {
    words() { return WORDS[this.ui]; },
    item() { return this.view && this.view.item; },
    practice() { return this.boot.practice; },
    feedback() { return this.view && this.view.feedback; },
    themed() { return this.draft && THEMED.includes(this.draft.role); },
    filtered() { return Boolean(this.filters.stratum || this.filters.theme || this.filters.state); },
    changed() { return this.draft && JSON.stringify(this.answer()) !== JSON.stringify(this.firstAnswer()); },
    label() {
      if (this.feedback) { return this.words.go_on; }
      if (this.view.mine && !this.changed) { return this.words.next; }
      return this.item.suggested && !this.changed ? this.words.accept : this.words.save;
    },
    reason() { return this.item.reason[this.ui] || this.item.reason.zh; },
    slot() { return `${this.boot.queue}:${this.name}`; },
  },
  mounted() {
    dress(this.ui, this.mode);
    window.addEventListener("keydown", this.onKey);
    watchConnection((lost) => { this.lost = lost; });
    if (this.name) { this.open(); } else { this.asking = true; }
  },
  unmounted() { window.removeEventListener("keydown", this.onKey); },
  methods: {
    hue(id) { const theme = this.boot.themes.find((one) => one.id === id); return theme ? { "--raw": theme.colour } : {}; },
    off(id) { return !this.draft.themes.includes(id); },

    // Talking with the server: one question at a time, each answered by one `hear`.
    say(message) {
      if (this.busy) { return; }
      this.busy = true;
      this.$emit("say", { name: this.name, filters: this.filters, choices: this.showFilters, ...message });
    },
    open() {
      const pending = memory.get("pending:" + this.slot);
      this.say({ do: "open", at: this.recall("at") || "", pending: pending ? JSON.parse(pending) : null });
    },
    write(message) {
      if (this.busy) { return; }
      // Until the server has acknowledged an answer the browser keeps it, so that a crash on either side loses nothing.
      const whole = { ...message, item: this.item.item, seen: this.view.mine ? this.view.mine.id : 0 };
      memory.set("pending:" + this.slot, JSON.stringify(whole));
      this.say(whole);
    },
    hear(message) {
      // The guide is asked for beside everything else.
      if (message.guide !== undefined) { this.guide = message.guide; return; }
      this.busy = false;
      if (message.settled) { memory.drop("pending:" + this.slot); }
      if (message.forget) { this.keep("draft:" + message.forget, null); }
      this.tell(message.error || this.words[message.notice] || "");
      this.failure = message.error && !this.view ? message.error : "";
      if (message.view) { this.show(message.view); }
    },
    show(view) {
      this.view = view;
      if (!view.item) { this.draft = null; return; }
      this.keep("at", view.item.item);
      const kept = this.recall("draft:" + view.item.item);
      if (view.feedback) { this.draft = { themes: [...view.feedback.given], role: view.item.role, note: "", touched: true }; } else { this.draft = kept ? JSON.parse(kept) : { ...this.first(), touched: this.startsTouched() }; }
      this.$nextTick(() => { window.scrollTo({ top: 0 }); this.settle(); });
    },
    settle() { if (isWriting(document.activeElement)) { document.activeElement.blur(); } },
    tell(text) {
      this.notice = text;
      clearTimeout(this.timer);
      if (text) { this.timer = setTimeout(() => { this.notice = ""; }, 2600); }
    },

    // The draft of the answer.
    first() {
      const { mine } = this.view;
      if (mine && mine.action === "decide") { return { themes: [...mine.themes], role: mine.role, note: mine.note }; }
      return { themes: [...(this.item.suggested || [])], role: this.item.role, note: mine ? mine.note : "" };
    },
    startsTouched() { return Boolean(this.item.suggested) || Boolean(this.view.mine && this.view.mine.action === "decide"); },
    answer() {
      const order = this.boot.themes.map((theme) => theme.id).filter((id) => this.draft.themes.includes(id));
      return { themes: this.themed ? order : [], role: this.draft.role, note: this.draft.note.trim() };
    },
    firstAnswer() { const first = this.first(); return { themes: first.themes, role: first.role, note: first.note.trim() }; },
    edit(change) {
      if (this.feedback) { return; }
      Object.assign(this.draft, change);
      this.keep("draft:" + this.item.item, JSON.stringify(this.draft));
    },
    flip(id) {
      if (!this.themed) { return; }
      const on = this.draft.themes.includes(id);
      this.edit({ themes: on ? this.draft.themes.filter((one) => one !== id) : [...this.draft.themes, id], touched: true });
    },
    none() { this.edit({ themes: [], touched: true }); },
    pick(role) { this.edit({ role, touched: this.draft.touched || !THEMED.includes(role) }); },
    nextRole() { this.pick(this.boot.roles[(this.boot.roles.indexOf(this.draft.role) + 1) % this.boot.roles.length]); },

    // What the keys and the buttons do.
    accept() {
      if (this.feedback || (this.view.mine && this.view.mine.action === "decide" && !this.changed)) { this.say({ do: "next", at: this.item.item }); return; }
      if (this.themed && !this.draft.touched) { this.tell(this.words.choose); return; }
      this.write({ do: "decide", ...this.answer() });
    },
    skip() { if (!this.feedback) { this.write({ do: "skip", note: this.draft.note.trim() }); } },
    undo() { this.say({ do: "undo" }); },
    move(by) { this.say({ do: "move", at: this.item ? this.item.item : "", by }); },
    filter(name, value) { this.sift({ ...this.filters, [name]: value }); },
    clear() { this.sift({ ...NO_FILTER }); },
    sift(filters) {
      if (this.busy) { return; }
      this.filters = filters;
      this.say({ do: "filter", at: this.item ? this.item.item : "" });
    },
    tool(name) {
      if (name === "l") { this.ui = this.ui === "zh" ? "en" : "zh"; memory.set("ui", this.ui); this.guide = ""; if (this.help) { this.openHelp(); } }
      if (name === "dark") { this.mode = this.mode === "dark" ? "light" : "dark"; memory.set("mode", this.mode); }
      if (name === "?") { this.help = !this.help; if (this.help) { this.openHelp(); } }
      if (name === "f" && !this.practice && !this.busy && this.view) {
        this.showFilters = !this.showFilters;
        if (this.showFilters) { this.sift(this.filters); }
      }
      if (name === "person") { this.asking = true; }
      dress(this.ui, this.mode);
    },
    openHelp() { if (!this.guide) { this.$emit("say", { do: "guide", ui: this.ui }); } },
    start(name) { this.name = name; memory.set("name", name); this.asking = false; this.view = null; this.open(); },
    again() { this.say({ do: "again" }); },

    onKey(event) {
      if (this.asking) { return; }
      if (isWriting(event.target)) { this.onWriting(event); return; }
      const key = keyOf(event);
      if (!key) { return; }
      event.preventDefault();
      if (key === "Escape") { this.escape(); return; }
      if ("?l".includes(key)) { this.tool(key); return; }
      if (this.help || this.busy || !this.view) { return; }
      if (key === "f") { this.tool(key); return; }
      const anywhere = { u: () => this.undo(), j: () => this.move(1), k: () => this.move(-1) }[key];
      if (anywhere && !this.practice) { anywhere(); return; }
      if (this.view.result) { if (key === "Enter") { this.again(); } return; }
      if (this.item) { this.onItemKey(key); }
    },
    onItemKey(key) {
      if (key === "0") { this.none(); }
      if (/^[1-9]$/.test(key) && this.boot.themes[key - 1]) { this.flip(this.boot.themes[key - 1].id); }
      const act = { Enter: this.accept, s: this.practice ? null : this.skip, r: this.nextRole, n: this.toNote }[key];
      if (act) { act(); }
    },
    onWriting(event) {
      // The Enter that ends an input method's word is not ours.
      if (event.isComposing || event.keyCode === 229) { return; }
      if (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey)) { event.preventDefault(); event.target.blur(); }
    },
    escape() {
      if (this.help) { this.help = false; } else if (this.filtered) { this.clear(); } else { this.showFilters = false; }
    },
    toNote() { if (this.$refs.note) { this.$refs.note.focus(); } },
    // After a click the focus goes back to the page, so that Enter accepts and does not click again.
    onClick(event) { if (event.detail) { const button = event.target.closest("button"); if (button) { button.blur(); } } },

    recall(key) { try { return sessionStorage.getItem(`zhengfa-${key}:${this.slot}`); } catch (_) { return null; } },
    keep(key, value) {
      const whole = `zhengfa-${key}:${this.slot}`;
      try { if (value === null) { sessionStorage.removeItem(whole); } else { sessionStorage.setItem(whole, value); } } catch (_) { /* refused */ }
    },
    time(at) { return new Date(at).toLocaleTimeString(this.ui === "zh" ? "zh-CN" : "en-GB", { hour: "2-digit", minute: "2-digit" }); },
    named(kind, { id, name }) {
      const theme = this.boot.themes.find((one) => one.id === id);
      return kind === "theme" ? (theme ? theme[this.ui] : this.words.none) : kind === "state" ? this.words.states[id] : this.words.strata[id] || name;
    },
    verdict(id) {
      if (!this.feedback) { return ""; }
      const wanted = this.feedback.themes.includes(id), given = this.feedback.given.includes(id);
      return wanted === given ? "" : wanted ? "should" : "should_not";
    },
  },
  template: `
<div class="page" :class="{ busy }" @click="onClick">
  <Bar :words="words" :ui="ui" :progress="view && view.progress" :name="name" :filters="!practice" :fixed="Boolean(boot.name)" :title="practice ? words.practice_title : words.title" @tool="tool"/>
  <section v-if="showFilters && view" class="filters" :aria-label="words.filter">
    <div v-for="(choices, kind) in view.choices" :key="kind"><span class="what">{{ words[kind] }}</span>
      <button type="button" class="chip" :class="{ on: !filters[kind] }" @click="filter(kind, '')">{{ words.all }}</button>
      <button v-for="one in choices" :key="one.id" type="button" class="chip" :class="{ on: filters[kind] === one.id, hue: kind === 'theme' }" :style="kind === 'theme' ? hue(one.id) : {}"
        :data-filter="kind + ':' + one.name" @click="filter(kind, one.id)"><span v-if="kind === 'theme'" class="dot"></span>{{ named(kind, one) }}<i class="num">{{ one.count }}</i></button></div>
  </section>
  <Who v-if="asking" :words="words" :given="name" @start="start"/>
  <Outcome v-else-if="view && view.result" :result="view.result" :words="words" :themes="boot.themes" :ui="ui" :hue="hue" @again="again"/>
  <main v-else-if="item && draft" class="desk" :key="item.item" :data-item="item.item">
    <div class="reading">
      <p class="why"><span class="stratum" :class="item.stratum">{{ words.strata[item.stratum] || item.stratum }}</span>
        <span v-if="item.blind && !practice">{{ words.blind }}</span><span v-else>{{ reason }}</span>
        <span v-if="view.mine" class="state">{{ words[view.mine.action === 'skip' ? 'skipped' : 'edited'] }} · {{ time(view.mine.at) }}</span></p>
      <Sheet :item="item" :words="words" :ui="ui" :hue="hue" :off="off" :role="draft.role"/>
    </div>
    <aside class="panel">
      <Switches :themes="boot.themes" :item="item" :chosen="themed ? draft.themes : []" :touched="draft.touched" :words="words" :ui="ui" :hue="hue" :disabled="!themed || Boolean(feedback)" :verdict="feedback ? verdict : null" @flip="flip" @none="none"/>
      <p v-if="feedback" class="verdict" :class="{ right: feedback.right }" role="status">{{ feedback.right ? words.right : words.wrong }}</p>
      <div class="more"><h2>{{ words.role }} <kbd>r</kbd></h2><Roles :roles="boot.roles" :role="draft.role" :words="words" :disabled="Boolean(feedback)" @pick="pick"/>
        <h2>{{ words.note }} <kbd>n</kbd></h2>
        <textarea ref="note" rows="2" maxlength="2000" :value="draft.note" :placeholder="words.note_hint" :aria-label="words.note" @input="edit({ note: $event.target.value })"></textarea></div>
      <div class="acts"><button type="button" class="go" data-act="accept" :disabled="busy" @click="accept">{{ label }}<kbd>Enter</kbd></button>
        <template v-if="!practice"><button type="button" class="act" data-act="skip" :disabled="busy" @click="skip">{{ words.skip }}<kbd>s</kbd></button>
        <button type="button" class="act" data-act="undo" :disabled="busy || !view.undoable" @click="undo">{{ words.undo }}<kbd>u</kbd></button></template></div>
      <p class="place num"><button v-if="!practice" type="button" class="tool" data-act="back" aria-label="k" @click="move(-1)">‹</button>
        <span>{{ words.position.replace("{at}", view.place.at).replace("{of}", view.place.of) }}</span>
        <button v-if="!practice" type="button" class="tool" data-act="forth" aria-label="j" @click="move(1)">›</button></p>
    </aside>
  </main>
  <section v-else-if="failure" class="card"><p>{{ failure }}</p><button type="button" class="act" @click="open">{{ words.refresh }}</button></section>
  <section v-else-if="view && !view.item" class="card over"><h1>{{ filtered ? words.empty_title : words.done_title }}</h1><p>{{ filtered ? words.empty_text : words.done_text }}</p>
    <dl><dt>{{ words.reviewed }}</dt><dd class="num">{{ view.progress.done }}</dd><dt>{{ words.of_which }}</dt><dd class="num">{{ view.progress.none }}</dd><dt>{{ words.skipped }}</dt><dd class="num">{{ view.progress.skipped }}</dd></dl>
    <button v-if="filtered" type="button" class="act" @click="clear">{{ words.clear }}<kbd>Esc</kbd></button></section>
  <p class="toast" :class="{ up: lost || notice || (draft && changed && item && view.mine) }" role="status" aria-live="polite">{{ lost ? (busy ? words.waiting : words.lost) : notice || (draft && item && changed && view.mine ? words.draft : "") }}</p>
  <Help v-if="help" :words="words" :guide="guide" @close="help = false"/>
</div>`,
};
