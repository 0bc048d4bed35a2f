using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace PrivateInference.Backends.Reports.Markup;

/// <summary>The interpolated string of <see cref="Html.Of"/>: escapes every hole that is not markup itself.</summary>
[InterpolatedStringHandler]
internal readonly ref struct HtmlTemplate
{
    private readonly StringBuilder _text;

    public HtmlTemplate(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (formattedCount * 16));

    public void AppendLiteral(string markup) => _text.Append(markup);

    public void AppendFormatted(Html markup) => _text.Append(markup.ToString());

    public void AppendFormatted(IEnumerable<Html> markup)
    {
        foreach (Html part in markup)
            _text.Append(part.ToString());
    }

    public void AppendFormatted(string text) => _text.Append(HtmlText.Escape(text));

    public void AppendFormatted(long number) => _text.Append(CultureInfo.InvariantCulture, $"{number}");

    /// <summary>A coordinate of a chart.</summary>
    public void AppendFormatted(double number) => _text.Append(CultureInfo.InvariantCulture, $"{number:0.##}");

    public override string ToString() => _text.ToString();
}
