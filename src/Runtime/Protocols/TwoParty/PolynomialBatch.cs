namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>Consecutive elements of a polynomial step whose powers are made together.</summary>
/// <param name="Protocol">The step's protocol.</param>
/// <param name="Start">The first element.</param>
/// <param name="Count">How many.</param>
internal readonly record struct PolynomialBatch(PolynomialProtocol Protocol, int Start, int Count)
{
    /// <summary>Transfers in which the client chooses.</summary>
    public int ClientChoices => Protocol.ClientChoices(Count);

    /// <summary>Transfers in which the server chooses.</summary>
    public int ServerChoices => Protocol.Choices(Count);
}
