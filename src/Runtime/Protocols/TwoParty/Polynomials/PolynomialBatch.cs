
namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>Consecutive elements of a polynomial step whose material is made together.</summary>
/// <param name="Protocol">The step's protocol.</param>
/// <param name="Start">The first element.</param>
/// <param name="Count">How many.</param>
internal readonly record struct PolynomialBatch(IPolynomialProtocol Protocol, int Start, int Count)
{
    /// <summary>The most elements: 64 MiB of transfers for degree 4 in a ring of 64 bits.</summary>
    public const int MaxCount = 1 << 15;

    /// <summary>The element after the last.</summary>
    public int End => Start + Count;

    /// <summary>Transfers in which the client chooses.</summary>
    public int ClientChoices => Protocol.ClientChoices(Count);

    /// <summary>Transfers in which the server chooses.</summary>
    public int ServerChoices => Protocol.ServerChoices(Count);

    /// <summary>The batches of a step.</summary>
    public static IEnumerable<PolynomialBatch> Of(IPolynomialProtocol protocol)
    {
        for (int start = 0; start < protocol.Count; start += MaxCount)
            yield return new PolynomialBatch(protocol, start, Math.Min(MaxCount, protocol.Count - start));
    }

    /// <summary>The batch's part of words of all elements.</summary>
    public Memory<TWord> Slice<TWord>(TWord[] words) => words.AsMemory(Start, Count);

    /// <summary>The batch's part of each list of words of all elements.</summary>
    public Memory<TWord>[] Slice<TWord>(IEnumerable<TWord[]> words)
    {
        PolynomialBatch batch = this;
        return [.. words.Select(batch.Slice)];
    }

    /// <summary>Bytes of a batch's offline messages, without those that extend transfers.</summary>
    public static long MessageBytes(IPolynomialProtocol protocol)
        => protocol.DescribeBatch(Math.Min(protocol.Count, MaxCount)).Sum(m => m.Message.Cost.Bytes);

    /// <summary>Transfers that a party holds at a time: a batch's and the next one's.</summary>
    public static int HeldTransfers(IPolynomialProtocol protocol) => checked(2 * protocol.ClientChoices(Math.Min(protocol.Count, MaxCount)));
}
