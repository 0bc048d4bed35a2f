using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>The client of a polynomial step and its material, for one inference.</summary>
internal interface IPolynomialClient : IPolynomialMaterial
{
    /// <summary>
    /// Online: evaluates, answers and clears the material. Stops after each message, so that steps can take turns; an answer that streams
    /// goes out with the opening's turn (<see cref="Engine.OnlineWaves"/>).
    /// </summary>
    /// <returns>What it has sent or received.</returns>
    IEnumerable<PlannedMessage> Run(MessageChannel channel);
}
