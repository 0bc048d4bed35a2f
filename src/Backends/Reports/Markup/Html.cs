namespace PrivateInference.Backends.Reports.Markup;

/// <summary>
/// A piece of finished markup. It comes from an interpolated string, whose literal parts are markup and whose holes are
/// text: names of a model are hostile, and nothing but <see cref="Html"/> itself gets into a page unescaped.
/// </summary>
internal readonly record struct Html
{
    private readonly string? _text;

    private Html(string text) => _text = text;

    public static Html Empty => default;

    public static Html Of(HtmlTemplate template) => new(template.ToString());

    /// <summary>Text that comes with the program and needs no escaping: a style sheet or a script.</summary>
    public static Html Trusted(string markup) => new(markup);

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(p => p._text)));

    public override string ToString() => _text ?? "";
}
