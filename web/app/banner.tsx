/** On every screen, beside whatever goes wrong, and there is no way to take it away. */
export function Banner() {
  return (
    <aside className="banner" aria-label="What Fieldray is">
      <p role="note">Decision support for research and triage. Not a medical device.</p>
    </aside>
  );
}
