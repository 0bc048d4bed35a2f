using System.Globalization;

namespace PrivateInference.CommandLine.Output;

/// <summary>Numbers with units, for people.</summary>
internal static class Quantities
{
    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => Text(bytes / 1e3, "KB"),
        < 1_000_000_000 => Text(bytes / 1e6, "MB"),
        _ => Text(bytes / 1e9, "GB"),
    };

    public static string Time(TimeSpan time) => time.TotalSeconds switch
    {
        < 0.001 => Text(time.TotalMicroseconds, "µs"),
        < 1 => Text(time.TotalMilliseconds, "ms"),
        < 120 => Text(time.TotalSeconds, "s"),
        _ => $"{(int)time.TotalMinutes} min {time.Seconds} s",
    };

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(double value, string unit)
        => value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture) + " " + unit;
}
