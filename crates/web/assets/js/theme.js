// Shows a choice of text size or colours at once; the form's button keeps it for this person.
(function () {
  'use strict';
  var form = document.querySelector('form[data-preferences]');
  if (!form) return;
  form.addEventListener('change', function (event) {
    var input = event.target;
    if (input.name === 'theme' || input.name === 'size') {
      document.documentElement.setAttribute('data-' + input.name, input.value);
    }
  });
})();
