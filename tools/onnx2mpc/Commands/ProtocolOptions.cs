using System.CommandLine;
using PrivateInference.Backends;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Commands;

/// <summary>What <c>compile</c> is told about the protocols of single steps.</summary>
internal sealed class ProtocolOptions
{
    private readonly Option<string[]> _protocols = new("--protocol")
    {
        Description = "With backend hybrid: the protocol of a step, gc (garbled circuit) or ot (oblivious transfer), whatever is predicted to be faster; 'cost' shows the steps' names. Without a step, of all that can have it.",
        HelpName = "[STEP=]gc|ot",
    };

    public void AddTo(Command command) => command.Add(_protocols);

    /// <exception cref="UsageException">An override has another form, or two contradict each other.</exception>
    public CompileOptions Apply(ParseResult parsed, CompileOptions options)
    {
        ProtocolOverride[] overrides = [.. (parsed.GetValue(_protocols) ?? []).Select(Read)];
        if (overrides.GroupBy(o => o.Step, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UsageException($"--protocol is given twice for {(twice.Key is null ? "all steps" : $"step '{twice.Key}'")}.");
        return options with { Protocols = [.. overrides] };
    }

    // A step's name may have an equals sign itself.
    private static ProtocolOverride Read(string text)
    {
        int end = text.LastIndexOf('=');
        return new ProtocolOverride(end < 0 ? null : text[..end], text[(end + 1)..] switch
        {
            "gc" or "garbled" => NonLinearMethod.Garbled,
            "ot" => NonLinearMethod.ObliviousTransfer,
            string other => throw new UsageException($"--protocol takes [STEP=]gc or [STEP=]ot; '{other}' is no protocol to choose."),
        });
    }
}
