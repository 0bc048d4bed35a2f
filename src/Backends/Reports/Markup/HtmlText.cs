using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace PrivateInference.Backends.Reports.Markup;

/// <summary>Text on its way into a page.</summary>
internal static partial class HtmlText
{
    private const int MostCharacters = 64;

    /// <summary>Characters that could end or reorder their surroundings become visible replacements; markup becomes text.</summary>
    public static string Escape(string text)
    {
        StringBuilder visible = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            visible.Append(IsHidden(rune) ? "\uFFFD" : rune.ToString());
        return WebUtility.HtmlEncode(visible.ToString());
    }

    /// <summary>A name of the model, isolated from the direction of the text around it; a long one keeps its end, which tells layers apart.</summary>
    public static Html Name(string name)
        => name.Length <= MostCharacters ? Html.Of($"<bdi>{Breakable(name)}</bdi>") : Html.Of($"<bdi title=\"{name}\">…{Breakable(name[^MostCharacters..])}</bdi>");

    // A line may end behind what separates the parts of a name.
    private static Html Breakable(string name) => Html.Trusted(Separator().Replace(Escape(name), "$0<wbr/>"));

    // Controls, and formatting such as bidirectional overrides.
    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    [GeneratedRegex("[/_.:]", RegexOptions.None, 1000)]
    private static partial Regex Separator();
}
