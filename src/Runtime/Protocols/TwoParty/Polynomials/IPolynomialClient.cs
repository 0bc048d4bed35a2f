using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>The client of a polynomial step and its material, for one inference.</summary>
internal interface IPolynomialClient : IPolynomialMaterial
{
    /// <summary>Online: evaluates, answers and clears the material.</summary>
    void Run(MessageChannel channel);
}
