using System.Globalization;
using PrivateInference.Runtime.Costs;

namespace PrivateInference.Backends.Reports.Markup;

/// <summary>
/// Numbers for people, with the exact one behind them: <c>&lt;data value="15511651"&gt;15.5 MB&lt;/data&gt;</c>. What the cost report
/// holds names its place there (<c>data-of="total.online.server_bytes"</c>), so that anyone can compare page and document.
/// </summary>
internal static class Figure
{
    public static Html Bytes(long bytes, string of) => Exact(bytes, of, CostTable.Bytes(bytes));

    public static Html Count(long count, string of) => Exact(count, of, Text(count));

    public static Html Bytes(long bytes) => Data(Exactly(bytes), CostTable.Bytes(bytes));

    public static Html Count(long count) => Data(Exactly(count), Text(count));

    public static Html Seconds(double seconds) => Data(Exactly(seconds), Duration(seconds));

    public static Html Percent(double part) => Data(Exactly(part), part.ToString("P1", CultureInfo.InvariantCulture));

    /// <summary>An amount of money, without currency.</summary>
    public static Html Money(double amount) => Data(Exactly(amount), amount.ToString(amount < 1 ? "0.0000" : "0.00", CultureInfo.InvariantCulture));

    /// <summary>For text that is not a table cell, such as the label of a chart.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        0 => "0 s",
        < 0.001 => Text(seconds * 1e6, "µs"),
        < 1 => Text(seconds * 1e3, "ms"),
        < 120 => Text(seconds, "s"),
        < 7200 => Text(seconds / 60, "min"),
        _ => Text(seconds / 3600, "h"),
    };

    public static string Text(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>How a figure compares with another: <c>2.1× less</c>, <c>the same</c>.</summary>
    public static string Change(double from, double to) => (from, to) switch
    {
        _ when from == to => "the same",
        (0, _) => "new",
        (_, 0) => "none left",
        _ when Math.Abs((to / from) - 1) < 0.1 => ((to / from) - 1).ToString("+0.0 %;−0.0 %", CultureInfo.InvariantCulture),
        _ when to < from => $"{Factor(from / to)} less",
        _ => $"{Factor(to / from)} more",
    };

    private static string Factor(double factor) => factor.ToString(factor < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + "×";

    private static Html Exact(long value, string of, string text) => Html.Of($"<data value=\"{value}\" data-of=\"{of}\">{text}</data>");

    private static Html Data(string value, string text) => Html.Of($"<data value=\"{value}\">{text}</data>");

    private static string Exactly(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(double number, string unit)
        => number.ToString(number < 10 ? "0.00" : number < 100 ? "0.0" : "0", CultureInfo.InvariantCulture) + " " + unit;
}
