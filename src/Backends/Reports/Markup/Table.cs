namespace PrivateInference.Backends.Reports.Markup;

/// <summary>A table in a region that scrolls where the screen is narrower, by keyboard too.</summary>
internal static class Table
{
    /// <param name="caption">What it shows; a screen reader's name of the region as well.</param>
    /// <param name="columns">Header cells, from <see cref="Column"/> and <see cref="Number"/>.</param>
    /// <param name="rows">Finished rows; each begins with a cell of <see cref="RowHeader"/>.</param>
    /// <param name="kind">A class of the style sheet.</param>
    public static Html Of(string caption, IEnumerable<Html> columns, IEnumerable<Html> rows, string kind = "plain") => Html.Of($"""
        <div class="scroll" role="region" aria-label="{caption}" tabindex="0">
        <table class="{kind}">
        <caption><span>{caption}</span></caption>
        <thead><tr>{columns}</tr></thead>
        <tbody>
        {rows}</tbody>
        </table>
        </div>
        """);

    public static Html Column(string title) => Html.Of($"<th scope=\"col\">{title}</th>");

    public static Html Number(string title) => Html.Of($"<th scope=\"col\" class=\"n\">{title}</th>");

    public static Html RowHeader(Html content) => Html.Of($"<th scope=\"row\">{content}</th>");

    public static Html Cell(Html content) => Html.Of($"<td>{content}</td>");

    public static Html NumberCell(Html content) => Html.Of($"<td class=\"n\">{content}</td>");

    public static Html Row(params ReadOnlySpan<Html> cells)
    {
        Html row = Html.Empty;
        foreach (Html cell in cells)
            row = Html.Of($"{row}{cell}");
        return Html.Of($"<tr>{row}</tr>\n");
    }
}
