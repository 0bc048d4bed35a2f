using System.CommandLine;
using PrivateInference.Backends;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.CommandLine.Commands;

/// <summary>What <c>compile</c> is told about the powers of polynomials.</summary>
internal sealed class PowerOptions
{
    private readonly Option<string> _powers = new("--powers")
    {
        Description = "How polynomials have their powers without a dealer: honeybadger (one opening), binomial (less to prepare, more online) or beaver (least to prepare, more rounds online); or online or total, which choose for each polynomial what is fastest on --network online, or offline and online together.",
        HelpName = "HOW",
        DefaultValueFactory = _ => "online",
    };

    public void AddTo(Command command) => command.Add(_powers);

    /// <exception cref="UsageException">There is no such way.</exception>
    public CompileOptions Apply(ParseResult parsed, CompileOptions options) => parsed.GetRequiredValue(_powers) switch
    {
        "online" => options with { PowerGoal = PowerGoal.Online },
        "total" => options with { PowerGoal = PowerGoal.Total },
        "honeybadger" => options with { Powers = PowerMethod.HoneyBadger },
        "binomial" => options with { Powers = PowerMethod.Binomial },
        "beaver" => options with { Powers = PowerMethod.Beaver },
        string other => throw new UsageException($"'{other}' is no way to have powers; there are online, total, honeybadger, binomial and beaver."),
    };
}
