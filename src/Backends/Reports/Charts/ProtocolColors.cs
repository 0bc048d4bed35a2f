using System.Collections.Immutable;
using PrivateInference.Backends.Reports.Markup;
using PrivateInference.Runtime.Costs;

namespace PrivateInference.Backends.Reports.Charts;

/// <summary>A colour for each protocol of a plan, in the order in which they appear; beside a colour there is always the name.</summary>
internal sealed class ProtocolColors
{
    /// <summary>How many colours the style sheet has.</summary>
    private const int Colors = 8;

    private readonly ImmutableArray<string> _protocols;

    public ProtocolColors(CostReport cost) => _protocols = [.. cost.Steps.Select(s => s.Protocol).Distinct(StringComparer.Ordinal)];

    /// <summary>The class of the style sheet.</summary>
    public string Of(string protocol) => $"p{_protocols.IndexOf(protocol) % Colors}";

    /// <summary>A protocol's name with its colour.</summary>
    public Html Tag(string protocol) => Html.Of($"<span class=\"tag {Of(protocol)}\">{protocol}</span>");
}
