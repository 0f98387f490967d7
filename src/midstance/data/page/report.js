// The report page. output/page.py writes these files into it as one module, so that the page stays one file.
import { foldParts } from "./fold.js";
import { enlargePictures } from "./enlarge.js";
import { measureTable } from "./measures.js";
import { filmPlayer } from "./player.js";
import { timedCurves } from "./curves.js";
import { angleTool } from "./angle.js";
import { typicalLegs } from "./typical.js";
import { filmZoom } from "./zoom.js";
import { otherFilms } from "./otherfilms.js";
import { filmBar } from "./filmbar.js";

foldParts();
enlargePictures();
measureTable();
otherFilms();
for (const film of document.querySelectorAll(".other-film video")) filmBar(film);
if (document.getElementById("map")) {
  const player = filmPlayer();
  timedCurves(player);
  typicalLegs(player);
  const angle = angleTool(player);
  filmZoom((place) => (angle.isOn() ? angle.mark(place) : player.toggle()));
  player.open();
}
