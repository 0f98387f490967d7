// The door opens by itself; the button is for browsers without scripts.
document.getElementById("open").requestSubmit();
