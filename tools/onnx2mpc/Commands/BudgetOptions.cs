using System.CommandLine;
using System.Globalization;
using PrivateInference.CommandLine.Support;

namespace PrivateInference.CommandLine.Commands;

/// <summary>The limits that <c>compile</c> holds a plan to, so that a pipeline fails before a deployment does.</summary>
internal sealed class BudgetOptions
{
    private const string Fails = "Fail (exit code 6), name the steps and write nothing";

    private readonly Option<string?> _bytes = new("--max-online-bytes") { Description = $"{Fails}, when an inference sends more online, both parties together; kB, MB and GB are decimal.", HelpName = "BYTES" };
    private readonly Option<int?> _rounds = new("--max-online-rounds") { Description = $"{Fails}, when an inference takes more rounds online.", HelpName = "N" };
    private readonly Option<long?> _relus = new("--max-relus") { Description = $"{Fails}, when an inference makes more sign decisions.", HelpName = "N" };
    private readonly Option<double?> _accuracy = new("--min-accuracy")
    {
        Description = $"{Fails}, when the plan classifies a smaller part of the --calibrate data as labelled; without labels, as the model before any pass.",
        HelpName = "0..1",
    };

    private readonly Option<double?> _drop = new("--max-accuracy-drop")
    {
        Description = $"{Fails}, when the plan is that much less accurate on the --calibrate data than the model before any pass; without labels, when it disagrees on more.",
        HelpName = "0..1",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _bytes, _rounds, _relus, _accuracy, _drop })
            command.Options.Add(option);
    }

    /// <exception cref="UsageException">A limit has no meaning, or needs data that are not given.</exception>
    public Budget Read(ParseResult parsed, bool calibrated)
    {
        Budget budget = new()
        {
            OnlineBytes = parsed.GetValue(_bytes) is { } text ? Bytes(text) : null,
            OnlineRounds = parsed.GetValue(_rounds),
            Relus = parsed.GetValue(_relus),
            Accuracy = Part(parsed, _accuracy),
            AccuracyDrop = Part(parsed, _drop),
        };
        if (budget.LimitsAccuracy && !calibrated)
            throw new UsageException("--min-accuracy and --max-accuracy-drop are measured on the samples of --calibrate; give some, best with labels.");
        return budget.OnlineRounds < 0 || budget.Relus < 0 ? throw new UsageException("A limit is not negative.") : budget;
    }

    private static long Bytes(string text)
    {
        (string number, double unit) = text switch
        {
            _ when text.EndsWith("kB", StringComparison.OrdinalIgnoreCase) => (text[..^2], 1e3),
            _ when text.EndsWith("MB", StringComparison.OrdinalIgnoreCase) => (text[..^2], 1e6),
            _ when text.EndsWith("GB", StringComparison.OrdinalIgnoreCase) => (text[..^2], 1e9),
            _ => (text, 1.0),
        };
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value * unit <= long.MaxValue / 2
            ? (long)(value * unit)
            : throw new UsageException($"--max-online-bytes takes a number of bytes, such as 2000000, 250kB or 2.5MB, not '{text}'.");
    }

    private static double? Part(ParseResult parsed, Option<double?> option) => parsed.GetValue(option) is not { } part
        ? null
        : part is >= 0 and <= 1 ? part : throw new UsageException($"{option.Name} takes a part from 0 to 1.");
}
