// What is drawn over the film: the body in the two colours of the report, angles, the trail of the feet, typical legs.
const COLOURS = { near: "#ff9e1b", far: "#4dabf7", both: "#ffffff", typical: "#7fe08a" };
const TRAIL = 20; // frames

/** The points of a row of numbers; nothing where one is missing. */
const pairs = (row) => (row && !row.includes(null) ? [0, 1, 2, 3, 4].map((point) => row.slice(2 * point, 2 * point + 2)) : null);

export class Overlay {
  layers = { near: true, far: true, angles: false, trail: false, typical: false };
  also = () => {}; // draws more over a frame

  constructor(canvas, film) {
    Object.assign(this, { canvas, film, data: null, index: {} });
  }

  use(data) {
    this.data = data;
    this.index = Object.fromEntries(data.names.map((name, i) => [name, i]));
  }

  /** A point of a frame in pixels of the canvas; nothing where it was not seen. */
  #point(frame, name) {
    const row = this.data.points[frame - this.data.first];
    const at = 2 * this.index[name];
    if (!row || row[at] === null || row[at] === undefined) return null;
    return this.place([row[at], row[at + 1]]);
  }

  /** Pixels of the canvas of a place in pixels of the film. */
  place([x, y]) {
    return [this.left + x * this.scale, this.top + y * this.scale];
  }

  /** Pixels of the film where a pointer is. */
  inFilm(pointer) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [pointer.clientX - box.left, pointer.clientY - box.top];
    return [(x * this.ratio - this.left) / this.scale, (y * this.ratio - this.top) / this.scale];
  }

  dot([x, y], colour) {
    const { pen } = this;
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(x, y, 4 * this.ratio, 0, 2 * Math.PI);
    pen.fill();
  }

  line(ends, colour, width) {
    if (ends.some((end) => !end)) return;
    const { pen } = this;
    for (const [stroke, wide] of [["rgba(0,0,0,.55)", width + 2], [colour, width]]) {
      pen.strokeStyle = stroke;
      pen.lineWidth = wide;
      pen.beginPath();
      ends.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      pen.stroke();
    }
  }

  words(text, at, colour) {
    if (!at) return;
    const { pen } = this;
    pen.font = `600 ${Math.round(15 * this.ratio)}px system-ui, sans-serif`;
    pen.lineWidth = 4 * this.ratio;
    pen.strokeStyle = "rgba(0,0,0,.8)";
    pen.strokeText(text, at[0] + 10 * this.ratio, at[1]);
    pen.fillStyle = colour;
    pen.fillText(text, at[0] + 10 * this.ratio, at[1]);
  }

  draw(frame) {
    const { canvas, data } = this;
    if (!data) return;
    const box = canvas.getBoundingClientRect();
    this.ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(box.width * this.ratio);
    canvas.height = Math.round(box.height * this.ratio);
    this.scale = Math.min(canvas.width / data.width, canvas.height / data.height);
    this.left = (canvas.width - data.width * this.scale) / 2 + 0.5 * this.scale;
    this.top = (canvas.height - data.height * this.scale) / 2 + 0.5 * this.scale;
    this.pen = canvas.getContext("2d");
    this.pen.lineCap = this.pen.lineJoin = "round";
    const width = Math.max(2, 2.5 * this.ratio);
    const sides = [data.near === "left" ? "right" : "left", data.near];
    for (const side of sides) {
      const kind = side === data.near ? "near" : "far";
      if (!this.layers[kind]) continue;
      if (this.layers.trail) this.#trail(frame, side, COLOURS[kind], width);
      for (const [a, b] of data.segments)
        this.line([this.#point(frame, `${side}_${a}`), this.#point(frame, `${side}_${b}`)], COLOURS[kind], width);
      if (this.layers.angles) this.#angles(frame, side, COLOURS[kind]);
    }
    if (this.layers.typical && data.typical) this.#typical(frame - data.first, width);
    this.also(frame);
  }

  /** The legs of a typical runner at this moment of the stride: the far leg dashed, then the near one. */
  #typical(row, width) {
    for (const [leg, dash] of [[1, 6], [0, 0]]) {
      const places = pairs(this.data.typical[leg][row]);
      this.pen.setLineDash(dash ? [dash * this.ratio, dash * this.ratio] : []);
      if (places) this.line([0, 1, 2, 3, 4, 2].map((point) => this.place(places[point])), COLOURS.typical, width);
    }
    this.pen.setLineDash([]);
  }

  #trail(frame, side, colour, width) {
    const ends = [];
    for (let before = Math.max(this.data.first, frame - TRAIL); before <= frame; before++) {
      const point = this.#point(before, `${side}_ankle`);
      if (point) ends.push(point);
    }
    if (ends.length > 1) this.line(ends, colour, 0.6 * width);
  }

  #angles(frame, side, colour) {
    const { knee, lean } = this.data.angles;
    const row = frame - this.data.first;
    const bent = knee?.[side][row];
    if (bent !== null && bent !== undefined) this.words(`${Math.round(bent)}°`, this.#point(frame, `${side}_knee`), colour);
    const leaning = side === this.data.near ? lean?.[side][row] : null;
    if (leaning !== null && leaning !== undefined) this.words(`lean ${Math.round(leaning)}°`, this.#point(frame, `${side}_shoulder`), COLOURS.both);
  }
}
