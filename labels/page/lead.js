// The lead's page: figures, and disagreements side by side.
import { Bar, Help, Roles, Sheet, Switches, Who } from "/page/parts.js";
import { Figures } from "/page/figures.js";
import { isWriting, keyOf } from "/page/keys.js";
import { WORDS, dress, firstLanguage, firstMode, memory, watchConnection } from "/page/words.js";

const THEMED = ["heading", "body"];

export default {
  components: { Bar, Figures, Help, Roles, Sheet, Switches, Who },
  props: { boot: Object },
  data() {
    return {
      ui: firstLanguage(), mode: firstMode(), name: this.boot.name || memory.get("name") || "", asking: false, tab: "overview",
      view: null, figures: null, draft: { themes: [], role: "body", note: "", touched: false }, busy: false, lost: false, notice: "", help: false, guide: "",
    };
  },
  computed: {
    words() { return WORDS[this.ui]; },
    item() { return this.view && this.view.item; },
    themed() { return THEMED.includes(this.draft.role); },
    progress() {
      if (!this.figures) { return null; }
      const { total, states } = this.figures.progress;
      return { total, done: (states.reviewed_themes || 0) + (states.reviewed_none || 0) };
    },
  },
  mounted() {
    dress(this.ui, this.mode);
    window.addEventListener("keydown", this.onKey);
    watchConnection((lost) => { this.lost = lost; });
    if (this.name) { this.refresh(); } else { this.asking = true; }
  },
  unmounted() { window.removeEventListener("keydown", this.onKey); },
  methods: {
    hue(id) { const theme = this.boot.themes.find((one) => one.id === id); return theme ? { "--raw": theme.colour } : {}; },
    say(message) { if (!this.busy) { this.busy = true; this.$emit("say", { name: this.name, ...message }); } },
    hear(message) {
      // The guide is asked for beside everything else.
      if (message.guide !== undefined) { this.guide = message.guide; return; }
      this.busy = false;
      this.tell(message.error || this.words[message.notice] || "");
      if (message.figures) { this.figures = message.figures; }
      if (!message.view) { return; }
      const before = this.item && this.item.item;
      this.view = message.view;
      if (this.item && this.item.item !== before) { this.draft = { themes: [], role: this.item.role, note: "", touched: false }; }
    },
    tell(text) {
      this.notice = text;
      clearTimeout(this.timer);
      if (text) { this.timer = setTimeout(() => { this.notice = ""; }, 2600); }
    },
    refresh() { this.say({ do: "open", at: this.item ? this.item.item : "" }); },
    overview() { this.tab = "overview"; this.refresh(); },
    move(by) { this.say({ do: "move", at: this.item ? this.item.item : "", by }); },
    flip(id) {
      if (!this.themed) { return; }
      const on = this.draft.themes.includes(id);
      Object.assign(this.draft, { themes: on ? this.draft.themes.filter((one) => one !== id) : [...this.draft.themes, id], touched: true });
    },
    none() { Object.assign(this.draft, { themes: [], touched: true }); },
    pick(role) { Object.assign(this.draft, { role, touched: this.draft.touched || !THEMED.includes(role) }); },
    take(answer) { Object.assign(this.draft, { themes: [...answer.themes], role: answer.role, touched: true }); },
    accept() {
      if (this.themed && !this.draft.touched) { this.tell(this.words.choose); return; }
      this.say({ do: "adjudicate", item: this.item.item, role: this.draft.role, themes: this.themed ? this.draft.themes : [], note: this.draft.note });
    },
    undo() { this.say({ do: "undo" }); },
    tool(name) {
      if (name === "l") { this.ui = this.ui === "zh" ? "en" : "zh"; memory.set("ui", this.ui); this.guide = ""; if (this.help) { this.openHelp(); } }
      if (name === "dark") { this.mode = this.mode === "dark" ? "light" : "dark"; memory.set("mode", this.mode); }
      if (name === "?") { this.help = !this.help; if (this.help) { this.openHelp(); } }
      if (name === "person") { this.asking = true; }
      dress(this.ui, this.mode);
    },
    openHelp() { if (!this.guide) { this.$emit("say", { do: "guide", ui: this.ui }); } },
    start(name) { this.name = name; memory.set("name", name); this.asking = false; this.refresh(); },
    onKey(event) {
      if (this.asking) { return; }
      if (isWriting(event.target)) {
        if (!event.isComposing && event.keyCode !== 229 && (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey))) { event.preventDefault(); event.target.blur(); }
        return;
      }
      const key = keyOf(event);
      if (!key) { return; }
      event.preventDefault();
      if (key === "Escape") { this.help = false; return; }
      if ("?l".includes(key)) { this.tool(key); return; }
      if (this.help || this.busy || !this.view || this.tab !== "disputes") { return; }
      if (key === "u") { this.undo(); return; }
      if (!this.item) { return; }
      if (/^[1-9]$/.test(key) && this.boot.themes[key - 1]) { this.flip(this.boot.themes[key - 1].id); }
      const act = { 0: this.none, Enter: this.accept, j: () => this.move(1), k: () => this.move(-1), n: () => this.$refs.note.focus(),
        r: () => this.pick(this.boot.roles[(this.boot.roles.indexOf(this.draft.role) + 1) % this.boot.roles.length]) }[key];
      if (act) { act(); }
    },
    onClick(event) { if (event.detail) { const button = event.target.closest("button"); if (button) { button.blur(); } } },
  },
  template: `
<div class="page" :class="{ busy }" @click="onClick">
  <Bar :words="words" :ui="ui" :progress="progress" :name="name" :fixed="Boolean(boot.name)" :title="words.lead_title" @tool="tool"/>
  <Who v-if="asking" :words="words" :given="name" @start="start"/>
  <template v-else-if="view">
    <nav class="tabs"><button type="button" class="chip" :class="{ on: tab === 'overview' }" data-tab="overview" @click="overview">{{ words.overview }}</button>
      <button type="button" class="chip" :class="{ on: tab === 'disputes' }" data-tab="disputes" @click="tab = 'disputes'">{{ words.disputes }}<i class="num">{{ view.place.of }}</i></button>
      <button type="button" class="chip" data-tab="refresh" @click="refresh">{{ words.refresh }}</button></nav>
    <Figures v-if="tab === 'overview'" :figures="figures" :words="words" :themes="boot.themes" :ui="ui" :hue="hue"/>
    <main v-else-if="item" class="desk" :key="item.item" :data-item="item.item">
      <div class="reading">
        <table class="sides"><thead><tr><th>{{ words.theme }}</th><th v-for="answer in view.answers" :key="answer.name"><button type="button" class="chip" :data-take="answer.name" :title="words.take" @click="take(answer)">{{ answer.name }}</button></th></tr></thead>
          <tbody><tr v-for="theme in boot.themes" :key="theme.id" class="hue" :style="hue(theme.id)"><td><span class="dot"></span>{{ theme[ui] }}</td><td v-for="answer in view.answers" :key="answer.name"><span class="yes" v-if="answer.themes.includes(theme.id)">●</span><span v-else class="no">–</span></td></tr>
            <tr><td>{{ words.role }}</td><td v-for="answer in view.answers" :key="answer.name">{{ words.roles[answer.role] }}</td></tr>
            <tr v-if="view.answers.some((answer) => answer.note)"><td>{{ words.note }}</td><td v-for="answer in view.answers" :key="answer.name" class="said">{{ answer.note }}</td></tr></tbody></table>
        <Sheet :item="item" :words="words" :ui="ui" :hue="hue" :role="item.role"/>
      </div>
      <aside class="panel">
        <Switches :themes="boot.themes" :item="item" :chosen="themed ? draft.themes : []" :touched="draft.touched" :words="words" :ui="ui" :hue="hue" :disabled="!themed" @flip="flip" @none="none"/>
        <div class="more"><h2>{{ words.role }} <kbd>r</kbd></h2><Roles :roles="boot.roles" :role="draft.role" :words="words" @pick="pick"/>
          <h2>{{ words.note }} <kbd>n</kbd></h2><textarea ref="note" rows="2" maxlength="2000" v-model="draft.note" :placeholder="words.note_hint" :aria-label="words.note"></textarea></div>
        <div class="acts"><button type="button" class="go" data-act="accept" :disabled="busy" @click="accept">{{ words.adjudicate }}<kbd>Enter</kbd></button>
          <button type="button" class="act" data-act="undo" :disabled="busy || !view.undoable" @click="undo">{{ words.undo }}<kbd>u</kbd></button></div>
        <p class="place num"><button type="button" class="tool" aria-label="k" @click="move(-1)">‹</button><span>{{ words.position.replace("{at}", view.place.at).replace("{of}", view.place.of) }}</span><button type="button" class="tool" aria-label="j" @click="move(1)">›</button></p>
      </aside>
    </main>
    <section v-else class="card over"><h1>{{ words.no_disputes }}</h1><p>{{ words.no_disputes_text }}</p>
      <button v-if="view.undoable" type="button" class="act" @click="undo">{{ words.undo }}<kbd>u</kbd></button></section>
  </template>
  <p class="toast" :class="{ up: lost || notice }" role="status" aria-live="polite">{{ lost ? words.lost : notice }}</p>
  <Help v-if="help" :words="words" :guide="guide" @close="help = false"/>
</div>`,
};
