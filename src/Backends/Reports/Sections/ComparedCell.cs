using PrivateInference.Backends.Reports.Charts;
using PrivateInference.Backends.Reports.Markup;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>A figure with its bar, and how it differs from the first plan's.</summary>
internal static class ComparedCell
{
    public static Html Of(Html figure, double value, double first, double most, string kind, bool isFirst)
    {
        Html change = isFirst ? Html.Empty : Html.Of($"<small>{Figure.Change(first, value)}</small>");
        return Table.NumberCell(Html.Of($"{figure}{Bar.Of(0, value, most, kind)}{change}"));
    }
}
