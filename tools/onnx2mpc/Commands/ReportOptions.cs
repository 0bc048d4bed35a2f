using System.CommandLine;
using PrivateInference.Backends.Reports;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;

namespace PrivateInference.CommandLine.Commands;

/// <summary>The load and the prices that an HTML report starts with; whoever reads it can change them there.</summary>
internal sealed class ReportOptions
{
    private static readonly ReportSettings s_defaults = new() { Network = NetworkProfile.Known[0] };

    private readonly Option<double> _requests = Number("--requests-per-day", "Inferences a day that the report shows storage for.", s_defaults.RequestsPerDay);
    private readonly Option<double> _gigabyte = Number("--price-per-gb", "Price of a GB that the server sends, for the report.", s_defaults.Prices.PerGigabyte);
    private readonly Option<double> _coreHour = Number("--price-per-core-hour", "Price of an hour of one core, for the report.", s_defaults.Prices.PerCoreHour);
    private readonly Option<double> _gigabyteMonth = Number("--price-per-gb-month", "Price of keeping a GB for a month, for the report.", s_defaults.Prices.PerGigabyteMonth);

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _requests, _gigabyte, _coreHour, _gigabyteMonth })
            command.Options.Add(option);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="host">The machine to predict for; the reference machine where null.</param>
    /// <param name="network">The network to predict for first.</param>
    /// <param name="withDealer">Whether a dealer prepares.</param>
    /// <exception cref="UsageException">A number has no meaning.</exception>
    public ReportSettings Read(ParseResult parsed, HostProfile? host, NetworkProfile network, bool withDealer = false) => new()
    {
        WithDealer = withDealer,
        Host = host ?? HostProfile.Reference,
        Network = network,
        RequestsPerDay = Value(parsed, _requests),
        Prices = new Prices(Value(parsed, _gigabyte), Value(parsed, _coreHour), Value(parsed, _gigabyteMonth)),
    };

    private static double Value(ParseResult parsed, Option<double> option) => parsed.GetValue(option) is var number and >= 0 and <= 1e12
        ? number
        : throw new UsageException($"{option.Name} takes a number from 0 to 10^12.");

    private static Option<double> Number(string name, string description, double value)
        => new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => value };
}
