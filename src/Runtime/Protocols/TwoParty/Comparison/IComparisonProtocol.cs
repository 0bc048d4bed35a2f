using PrivateInference.Runtime.Costs;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// A step by oblivious transfer: three messages offline, which are sent together with those of other such steps, then online what
/// it takes.
/// </summary>
internal interface IComparisonProtocol
{
    /// <summary>The client, offline: draws its share of what the step computes.</summary>
    WorkCost DrawWork { get; }

    /// <summary>What is kept for an inference.</summary>
    PartyBytes Storage { get; }

    /// <summary>Correlations that a party holds at a time.</summary>
    int BatchTransfers { get; }

    /// <summary>Offline, from the client: transfers in which the server chooses.</summary>
    IEnumerable<MessageTransfer> DescribeServerChoices();

    /// <summary>Offline, from the server: transfers in which the client chooses.</summary>
    IEnumerable<MessageTransfer> DescribeClientChoices();

    /// <summary>Offline, from the client: what makes the former those of its shares.</summary>
    IEnumerable<MessageTransfer> DescribeCorrections();

    /// <summary>The online messages in order, with the work around them.</summary>
    IEnumerable<CostEvent> DescribeOnline();

    /// <summary>A client without material.</summary>
    IComparisonClient CreateClient();

    /// <summary>A server without material.</summary>
    IComparisonServer CreateServer();
}
