// Progress, agreement, the effect of pre-filling, advice when to stop.
export const Figures = {
  props: ["figures", "words", "themes", "ui", "hue"],
  computed: {
    left() { const { states } = this.figures.progress; return (states.not_reviewed || 0) + (states.skipped || 0); },
    parts() {
      const { states, total } = this.figures.progress;
      return ["reviewed_themes", "reviewed_none", "disputed", "skipped", "not_reviewed"].map((id) => ({ id, count: states[id] || 0, width: (states[id] || 0) / total * 100 + "%" }));
    },
    sides() { return ["random", "blind", "shown"].map((id) => ({ id, ...this.figures.bias[id] })); },
    estimate() { return this.figures.stop.estimate; },
  },
  methods: {
    figure(value) { return value === null || value === undefined ? "–" : value.toFixed(2).replace("-", "−"); },
    percent(value) { return value === null || value === undefined ? "–" : Math.round(value * 100) + "%"; },
    points(value) { return value === null || value === undefined ? "–" : (value >= 0 ? "+" : "−") + Math.abs(Math.round(value * 100)); },
    named(id) { const theme = this.themes.find((one) => one.id === id); return theme && theme[this.ui]; },
    span(low, high) { return low === null || low === undefined ? "" : `${Math.round(low * 100)}–${Math.round(high * 100)}%`; },
    box(side) { return { left: side.low * 100 + "%", width: (side.high - side.low) * 100 + "%" }; },
  },
  template: `
<main class="figures">
  <section class="tile wide" data-figure="progress"><h2>{{ words.progress }}</h2>
    <div class="states" role="img" :aria-label="words.progress"><i v-for="part in parts" :key="part.id" :class="part.id" :style="{ width: part.width }"></i></div>
    <ul class="legend"><li v-for="part in parts" :key="part.id"><i :class="part.id"></i>{{ words.all_states[part.id] }}<b class="num">{{ part.count }}</b></li></ul>
    <div class="pair"><table><thead><tr><th>{{ words.person }}</th><th>{{ words.reviewed }}</th><th>{{ words.of_which }}</th><th>{{ words.skipped }}</th></tr></thead>
      <tbody><tr v-for="one in figures.progress.people" :key="one.name"><td class="said">{{ one.name }}</td><td class="num">{{ one.decided }}</td><td class="num">{{ one.none }}</td><td class="num">{{ one.skipped }}</td></tr>
        <tr v-if="!figures.progress.people.length"><td colspan="4" class="soft">{{ words.nobody }}</td></tr></tbody></table>
    <table><thead><tr><th>{{ words.stratum }}</th><th>{{ words.reviewed }}</th></tr></thead>
      <tbody><tr v-for="one in figures.progress.strata" :key="one.stratum"><td>{{ words.strata[one.stratum] || one.stratum }}</td><td class="num">{{ one.done }} / {{ one.total }}</td></tr></tbody></table></div></section>
  <section class="tile wide" data-figure="agreement"><h2>{{ words.agreement }}<small>{{ words.before_adjudication.replace("{n}", figures.agreement.items) }}</small></h2>
    <table><thead><tr><th>{{ words.theme }}</th><th>n</th><th>{{ words.agree }}</th><th>κ</th><th>α</th><th></th></tr></thead>
      <tbody><tr v-for="one in figures.agreement.rows" :key="one.what" class="hue" :class="{ total: !named(one.what) }" :style="hue(one.what)" :data-what="one.what"><td><span v-if="named(one.what)" class="dot"></span>{{ named(one.what) || words[one.what] }}</td>
        <td class="num">{{ one.n }}</td><td class="num">{{ percent(one.agreement) }}</td><td class="num">{{ figure(one.kappa) }}</td><td class="num">{{ figure(one.alpha) }}</td><td class="num faint">{{ one.low === null ? "" : figure(one.low) + "–" + figure(one.high) }}</td></tr>
        <tr v-if="!figures.agreement.rows.length"><td colspan="6" class="soft">{{ words.nobody_twice }}</td></tr></tbody></table><p class="soft">{{ words.coefficients }}</p></section>
  <section class="tile" data-figure="bias"><h2>{{ words.bias }}</h2>
    <div v-for="side in sides" :key="side.id" class="side"><span>{{ words.sides[side.id] }}</span><span class="num"><b>{{ percent(side.value) }}</b> <small>{{ span(side.low, side.high) }} · n = {{ side.n }}</small></span>
      <span class="rail"><i v-if="side.n" :style="box(side)"></i><b v-if="side.n" :style="{ left: side.value * 100 + '%' }"></b></span></div>
    <p class="soft">{{ words.bias_text }} <b class="num" v-if="figures.bias.gap !== null">{{ words.bias_gap }} {{ points(figures.bias.gap) }} {{ words.points }}</b></p></section>
  <section class="tile" data-figure="stop"><h2>{{ words.stop }}</h2>
    <p class="advice" :class="figures.stop.advice.advice">{{ words.advice[figures.stop.advice.advice].replace("{more}", estimate.more ?? "–") }}</p>
    <dl><dt>{{ words.model_right }}</dt><dd class="num"><b>{{ percent(estimate.value) }}</b> <small>{{ span(estimate.low, estimate.high) }} · n = {{ estimate.n }}</small></dd>
      <dt>{{ words.successive }}</dt><dd class="num"><template v-if="figures.stop.succession"><b>κ = {{ figure(figures.stop.succession.kappa) }}</b> <small>{{ figures.stop.succession.earlier }} → {{ figures.stop.succession.later }} · n = {{ figures.stop.succession.lines }}</small></template><template v-else>–</template></dd></dl></section>
</main>`,
};
