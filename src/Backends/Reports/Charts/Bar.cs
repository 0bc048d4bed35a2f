using PrivateInference.Backends.Reports.Markup;

namespace PrivateInference.Backends.Reports.Charts;

/// <summary>One bar of a chart whose labels are a table's cells, so that it is read, resized and printed as text.</summary>
internal static class Bar
{
    /// <summary>A bar shorter than this part of a hundred would not be seen.</summary>
    private const double Least = 0.8;

    /// <summary>A bar of a waterfall: what came before, what this adds, and how long the whole is.</summary>
    /// <param name="start">Where the bar begins.</param>
    /// <param name="length">How long it is; there is none for 0.</param>
    /// <param name="whole">What the full width stands for.</param>
    /// <param name="kind">A class of the style sheet, which gives the colour.</param>
    public static Html Of(double start, double length, double whole, string kind)
    {
        if (length <= 0 || whole <= 0)
            return Html.Of($"<svg class=\"bar\" aria-hidden=\"true\"></svg>");
        double width = Math.Max(100 * length / whole, Least), x = Math.Min(100 * start / whole, 100 - width);
        return Html.Of($"<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"{kind}\" x=\"{x}\" width=\"{width}\" height=\"8\"/></svg>");
    }
}
