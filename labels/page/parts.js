// What both pages are made of. Texts of reports only ever stand in {{ }}, which Vue writes as text, never as markup.
import { percent } from "/page/words.js";

const Ink = {
  props: ["segments", "hue", "off"],
  template: `<template v-for="piece in segments"><span v-if="piece[2] === 'control'" class="control">{{ piece[0] }}</span
    ><mark v-else-if="piece[1]" class="hue" :class="{ off: off && off(piece[1]), weak: piece[2] === 'weak' }" :style="hue(piece[1])">{{ piece[0] }}</mark
    ><template v-else>{{ piece[0] }}</template></template>`,
};

// One line in its place: where it stands, what comes before and after.
export const Sheet = {
  components: { Ink },
  props: ["item", "words", "hue", "off", "ui", "role"],
  template: `
<article class="sheet" :aria-label="item.report">
  <nav class="path"><span class="report"><Ink :segments="item.report_ink"/></span>
    <span v-for="heading in item.path" class="step"><Ink :segments="heading"/></span></nav>
  <div class="around before" v-if="item.before.length" :aria-label="words.before">
    <p v-for="line in item.before" :class="line.role"><Ink :segments="line.ink"/></p></div>
  <div class="line" :class="role || item.role" lang="zh-CN" tabindex="-1"><Ink :segments="item.ink" :hue="hue" :off="off"/></div>
  <div class="around after" v-if="item.after.length" :aria-label="words.after">
    <p v-for="line in item.after" :class="line.role"><Ink :segments="line.ink"/></p></div>
</article>`,
};

// The themes as switches, each with its key and, where the model's answer may be seen, its probability.
export const Switches = {
  props: ["themes", "item", "chosen", "touched", "words", "ui", "hue", "verdict", "disabled"],
  emits: ["flip", "none"],
  methods: {
    chance(id) { return this.item.chances ? this.item.chances[id] : null; },
    percent,
    hint(id) {
      if (!this.item.chances) { return ""; }
      return percent(this.chance(id)) + (this.item.suggested.includes(id) ? " · " + this.words.suggested : "");
    },
    width(id) { return { width: (this.chance(id) || 0) * 100 + "%" }; },
    mark(id) { return { left: (this.item.thresholds[id] ?? 0.5) * 100 + "%" }; },
  },
  template: `
<div class="switches" role="group" :aria-label="words.themes">
  <button v-for="(theme, at) in themes" :key="theme.id" type="button" class="switch hue" :style="hue(theme.id)" :disabled="disabled"
    :class="[{ on: chosen.includes(theme.id) }, verdict ? verdict(theme.id) : '']" :aria-pressed="chosen.includes(theme.id)"
    :data-theme="theme.id" :title="hint(theme.id)" @click="$emit('flip', theme.id)">
    <kbd>{{ at + 1 }}</kbd><span class="name">{{ theme[ui] }}<small v-if="verdict && verdict(theme.id)">{{ words[verdict(theme.id)] }}</small></span>
    <span v-if="item.chances" class="chance num" :class="{ high: item.suggested.includes(theme.id) }">{{ percent(chance(theme.id)) }}</span>
    <span v-if="item.chances" class="track" aria-hidden="true"><b :style="width(theme.id)"></b><i :style="mark(theme.id)"></i></span>
  </button>
  <button type="button" class="switch none" :class="{ on: touched && !chosen.length }" :aria-pressed="touched && !chosen.length"
    data-theme="none" :disabled="disabled" @click="$emit('none')"><kbd>0</kbd><span class="name">{{ words.none }}</span></button>
</div>`,
};

export const Roles = {
  props: ["roles", "role", "words", "disabled"],
  emits: ["pick"],
  template: `
<div class="roles" role="radiogroup" :aria-label="words.role">
  <button v-for="one in roles" :key="one" type="button" role="radio" class="chip" :class="{ on: one === role }" :aria-checked="one === role"
    :data-role="one" :disabled="disabled" @click="$emit('pick', one)">{{ words.roles[one] }}</button>
</div>`,
};

// The bar on top: what this is, how far along, the tools.
export const Bar = {
  props: ["words", "ui", "progress", "name", "fixed", "title", "filters"],
  emits: ["tool"],
  computed: {
    share() { return this.progress && this.progress.total ? this.progress.done / this.progress.total * 100 : 0; },
  },
  template: `
<header class="bar">
  <span class="seal" aria-hidden="true">政法</span>
  <span class="title">{{ title }}</span>
  <div class="meter" v-if="progress" role="progressbar" :aria-label="words.progress" :aria-valuenow="progress.done" aria-valuemin="0" :aria-valuemax="progress.total">
    <span class="rail"><b :style="{ width: share + '%' }"></b></span><span class="num done">{{ progress.done }}<i>/{{ progress.total }}</i></span></div>
  <span v-else class="stretch"></span>
  <div class="tools">
    <button v-if="name" type="button" class="tool person" :disabled="fixed" :title="words.person" @click="$emit('tool', 'person')">{{ name }}</button>
    <button v-if="progress && filters" type="button" class="tool wide" data-tool="filter" :title="words.filter + ' (f)'" @click="$emit('tool', 'f')">{{ words.filter }}</button>
    <button type="button" class="tool" data-tool="language" :title="words.language + ' (l)'" :lang="ui === 'zh' ? 'en' : 'zh'" @click="$emit('tool', 'l')">{{ ui === "zh" ? "EN" : "中" }}</button>
    <button type="button" class="tool" data-tool="dark" :aria-label="words.dark" :title="words.dark" @click="$emit('tool', 'dark')"><span class="moon" aria-hidden="true"></span></button>
    <button type="button" class="tool" data-tool="help" :aria-label="words.help" :title="words.help + ' (?)'" @click="$emit('tool', '?')">?</button>
  </div>
</header>`,
};

// Keys and the labelling guide. The guide's HTML was escaped by the server and is cleaned once more here.
export const Help = {
  props: ["words", "guide"],
  emits: ["close"],
  mounted() { this.fill(); this.$refs.box.focus(); },
  updated() { this.fill(); },
  methods: { fill() { if (this.guide) { this.$refs.guide.setHTML(this.guide); } } },
  template: `
<div class="veil" @click.self="$emit('close')"><section ref="box" class="help" role="dialog" aria-modal="true" :aria-label="words.help" tabindex="-1">
  <button type="button" class="tool shut" :aria-label="words.close" @click="$emit('close')">×</button>
  <dl class="keys"><template v-for="row in words.keys"><dt><kbd>{{ row[0] }}</kbd></dt><dd>{{ row[1] }}</dd></template></dl>
  <div ref="guide" class="guide"></div>
</section></div>`,
};

export const Who = {
  props: ["words", "given"],
  emits: ["start"],
  data() { return { name: this.given || "" }; },
  mounted() { this.$refs.field.focus(); },
  template: `
<form class="card who" @submit.prevent="name.trim() && $emit('start', name.trim())"><h1>{{ words.who }}</h1><p>{{ words.who_text }}</p>
  <input ref="field" v-model="name" maxlength="60" autocomplete="name" :aria-label="words.who"><button type="submit" class="go" :disabled="!name.trim()">{{ words.start }}</button></form>`,
};
