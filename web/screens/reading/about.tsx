/** What it does and what it does not, for somebody who sees it for the first time. */
export function About() {
  return (
    <section className="about" aria-labelledby="about-title">
      <h2 id="about-title">What Fieldray does</h2>
      <ul>
        <li>
          It outlines the lungs, and refuses a picture that is not an upright, frontal chest X&#8209;ray.
        </li>
        <li>
          It says how much the picture resembles pneumonia, with the measured errors of the model beside the
          number.
        </li>
        <li>It shows what the model used. That is not where the disease is.</li>
      </ul>
      <h2>What it does not do</h2>
      <ul>
        <li>It looks for nothing but what it names. Everything else in the picture goes unsaid.</li>
        <li>It does not decide. A person who can read chest X-rays must decide.</li>
        <li>
          Pictures and results stay on this device until you delete them. Nothing leaves it, unless you save
          it yourself.
        </li>
      </ul>
      <p>No picture at hand? The phantom is drawn by a program and shows how everything works.</p>
    </section>
  );
}
