using System.CommandLine;
using System.Globalization;
using PrivateInference.Backends;

namespace PrivateInference.CommandLine.Commands;

/// <summary>What <c>compile</c> is told about inputs that leave the intervals on which polynomial activations were fitted.</summary>
internal sealed class RangeOptions
{
    private readonly Option<bool> _check = new("--range-check")
    {
        Description = "Have each inference tell the client, and nobody else, whether any input of a polynomial activation left the interval it was fitted on. One bit, a few rounds more, and two comparisons an activation.",
    };

    private readonly Option<string?> _margin = new("--range-margin")
    {
        Description = "With --range-check: widen each interval by this part of its width at each end, such as 0.1. Default: 0.",
        HelpName = "PART",
    };

    private readonly Option<string?> _warning = new("--outside-warning")
    {
        Description = "Warn of a polynomial activation if a larger part of its inputs on calibration samples lies outside of the interval it was fitted on. Default: 0.001.",
        HelpName = "PART",
    };

    public void AddTo(Command command)
    {
        command.Add(_check);
        command.Add(_margin);
        command.Add(_warning);
    }

    /// <exception cref="UsageException">A part is none, or a margin comes without the check.</exception>
    public CompileOptions Apply(ParseResult parsed, CompileOptions options)
    {
        bool checks = parsed.GetValue(_check);
        double? margin = Part(parsed.GetValue(_margin), "--range-margin", largest: 100);
        if (margin is not null && !checks)
            throw new UsageException("--range-margin belongs to --range-check.");
        return options with
        {
            RangeCheckMargin = checks ? margin ?? 0 : null,
            OutsideWarning = Part(parsed.GetValue(_warning), "--outside-warning", largest: 1) ?? options.OutsideWarning,
        };
    }

    private static double? Part(string? text, string option, double largest) => text is null
        ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double part) && part >= 0 && part <= largest
            ? part
            : throw new UsageException($"{option} takes a number from 0 to {largest.ToString(CultureInfo.InvariantCulture)}, not '{text}'.");
}
