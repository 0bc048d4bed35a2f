namespace PrivateInference.Backends.Reports.Markup;

/// <summary>A whole document; it is well-formed XML but for the script and the style. Its policy forbids every request, and every script and style but its own.</summary>
internal static class Page
{
    public static string Render(string title, Html lead, IReadOnlyList<Section> sections) => Html.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src {Html.Trusted(Asset.Style.Hash)}; script-src {Html.Trusted(Asset.Script.Hash)}; base-uri 'none'; form-action 'none'"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <meta name="generator" content="onnx2mpc"/>
        <title>{title}</title>
        <style>{Asset.Style.Content}</style>
        </head>
        <body>
        <a class="skip" href="#{sections[0].Id}">Skip to the figures</a>
        <header>
        <h1>{HtmlText.Name(title)}</h1>
        {lead}
        <nav aria-label="Sections"><ul>{sections.Select(s => Html.Of($"<li><a href=\"#{s.Id}\">{s.Title}</a></li>"))}</ul></nav>
        </header>
        <main>
        {sections.Select(Body)}</main>
        <footer><p>Written by onnx2mpc. Bytes, rounds and counts are exact: a run that differs is an error. Seconds are predictions.</p></footer>
        <script>{Asset.Script.Content}</script>
        </body>
        </html>

        """).ToString();

    private static Html Body(Section section) => Html.Of($"""
        <section id="{section.Id}" aria-labelledby="{section.Id}-title">
        <h2 id="{section.Id}-title">{section.Title}</h2>
        {section.Body}
        </section>

        """);
}
