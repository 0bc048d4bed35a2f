using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>The server of a polynomial step and its material, for one inference.</summary>
internal interface IPolynomialServer : IPolynomialMaterial
{
    /// <summary>Online: from its share of x to its share y − r of the output; clears the material.</summary>
    void Run(MessageChannel channel, ReadOnlySpan<ulong> inputShare, Span<ulong> outputShare);
}
