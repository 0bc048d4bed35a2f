using PrivateInference.Runtime.Costs;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>A polynomial step's protocol without a dealer, whatever way its powers come about.</summary>
internal interface IPolynomialProtocol
{
    /// <summary>The step's index in the plan.</summary>
    int Step { get; }

    /// <summary>Elements.</summary>
    int Count { get; }

    /// <summary>The client, offline: draws its share of the output.</summary>
    WorkCost DrawWork { get; }

    /// <summary>What is kept for an inference.</summary>
    PartyBytes Storage { get; }

    /// <summary>Transfers of a batch in which the client chooses.</summary>
    int ClientChoices(int count);

    /// <summary>Transfers of a batch in which the server chooses.</summary>
    int ServerChoices(int count);

    /// <summary>A batch's offline messages in order, with the work around them; its transfers are there already.</summary>
    IEnumerable<MessageTransfer> DescribeBatch(int count);

    /// <summary>The online messages in order, with the work around them.</summary>
    IEnumerable<CostEvent> DescribeOnline();

    /// <param name="inputShare">The client's share of x.</param>
    /// <param name="outputShare">Its share of the output, chosen offline.</param>
    IPolynomialClient CreateClient(ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> outputShare);

    IPolynomialServer CreateServer();
}
