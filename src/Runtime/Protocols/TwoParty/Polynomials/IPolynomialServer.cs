using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>The server of a polynomial step and its material, for one inference.</summary>
internal interface IPolynomialServer : IPolynomialMaterial
{
    /// <summary>
    /// Online: from its share of x to its share y − r of the output; clears the material. Stops after each message, so that steps can take
    /// turns.
    /// </summary>
    /// <returns>What it has sent or received.</returns>
    IEnumerable<PlannedMessage> Run(MessageChannel channel, ulong[] inputShare, ulong[] outputShare);
}
