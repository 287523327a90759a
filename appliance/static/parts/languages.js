/** The languages that the server writes mails and pushes in: those of its catalogues (appliance/locale), and English. */

export const LANGUAGES = [
  { value: "en", text: "English" },
  { value: "de", text: "Deutsch" },
  { value: "es", text: "español" },
  { value: "fr", text: "français" },
];
