// The board renews itself every half minute, but never under somebody's hands: while a part of it is open or holds the
// focus, the renewal is put off and the board says so.
(function () {
  "use strict";
  var board = document.getElementById("board");
  if (!board) return;

  function isRead() {
    return board.contains(document.activeElement) || board.querySelector("details[open]") !== null;
  }

  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target !== board || !isRead()) return;
    event.preventDefault();
    board.querySelector("[data-put-off]").hidden = false;
  });
})();
