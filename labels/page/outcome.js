// The end of a round of practice.
export const Outcome = {
  props: ["result", "words", "themes", "ui", "hue"],
  emits: ["again"],
  methods: { figure(value) { return value === null || value === undefined ? "–" : value.toFixed(2).replace("-", "−"); } },
  template: `
<section class="card outcome" :class="{ passed: result.passed }"><h1>{{ result.passed ? words.passed : words.failed }}</h1>
  <p class="big num" data-figure="alpha">α = {{ figure(result.alpha) }}</p><p class="soft">{{ words.pass_mark }}</p>
  <p>{{ words.exact }}: <span class="num">{{ result.exact }} / {{ result.lines }}</span></p>
  <table><thead><tr><th>{{ words.per_theme }}</th><th>α</th><th>{{ words.missed }}</th><th>{{ words.extra }}</th></tr></thead>
    <tbody><tr v-for="theme in themes" :key="theme.id" class="hue" :style="hue(theme.id)"><td><span class="dot"></span>{{ theme[ui] }}</td>
      <td class="num">{{ figure(result.themes[theme.id].alpha) }}</td><td class="num">{{ result.themes[theme.id].missed }}</td><td class="num">{{ result.themes[theme.id].extra }}</td></tr></tbody></table>
  <button type="button" class="go" @click="$emit('again')">{{ words.again }}<kbd>Enter</kbd></button></section>`,
};
