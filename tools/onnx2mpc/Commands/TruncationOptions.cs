using System.Globalization;
using PrivateInference.Backends;

namespace PrivateInference.CommandLine.Commands;

/// <summary>What <c>compile</c> is told about truncation.</summary>
internal static class TruncationOptions
{
    /// <summary>Null where nothing is given.</summary>
    /// <exception cref="UsageException">There is no such way.</exception>
    public static Truncation? Method(string? name) => name switch
    {
        null => null,
        "exact" => Truncation.Exact,
        "faithful" => Truncation.Faithful,
        "local" => Truncation.Local,
        _ => throw new UsageException($"'{name}' is no way to truncate; there are exact, faithful and local."),
    };

    /// <summary>Bits of the largest ring of powers.</summary>
    /// <exception cref="UsageException">There is no such ring.</exception>
    public static int Ring(int bits) => bits is 64 or 128
        ? bits
        : throw new UsageException($"There is no ring of {bits} bits; there are 64 and 128.");

    /// <summary>A probability as a decimal number or as a power of two; null where nothing is given.</summary>
    /// <exception cref="UsageException">It is no probability.</exception>
    public static double? Probability(string? text)
    {
        if (text is null)
            return null;
        bool isPower = text.StartsWith("2^", StringComparison.Ordinal);
        if (double.TryParse(isPower ? text[2..] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && (isPower ? Math.Pow(2, number) : number) is var probability && probability is >= 0 and <= 1)
            return probability;
        throw new UsageException($"'{text}' is no probability such as 1e-6 or 2^-20.");
    }
}
