// The film of takes side by side, with a bar of its own below it.
import { filmBar } from "/static/filmbar.js";

const film = document.getElementById("film");
if (film) filmBar(film);
