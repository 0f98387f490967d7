// Look through the camera with the outline over it, where the browser lets a page do so.
const button = document.getElementById("through");
const video = document.getElementById("view");
const says = document.getElementById("view-says");
const able = Boolean(navigator.mediaDevices?.getUserMedia); // a phone on the local network has it not: no https

button.hidden = !able;
button.addEventListener("click", async () => {
  if (video.srcObject) {
    for (const track of video.srcObject.getTracks()) track.stop();
    video.srcObject = null;
    video.hidden = true;
    button.textContent = "Look through the camera";
    return;
  }
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    video.hidden = false;
    await video.play();
    button.textContent = "Close the camera";
    says.textContent = "Nothing is recorded here.";
  } catch {
    says.textContent = "The camera can’t be opened here. Use the camera app, and leave as much room as in the picture.";
  }
});
