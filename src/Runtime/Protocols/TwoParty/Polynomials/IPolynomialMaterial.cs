using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>A party's material of a polynomial step, for one inference. Disposal clears it.</summary>
internal interface IPolynomialMaterial : IDisposable
{
    /// <summary>Offline: fills a batch of the material.</summary>
    /// <param name="batch">The elements.</param>
    /// <param name="channel">To the other party.</param>
    /// <param name="session">Gives tweaks.</param>
    /// <param name="random">Draws what is random.</param>
    /// <param name="transfers">The batch's transfers.</param>
    /// <param name="beforeAnswer">Called before the first message from the server.</param>
    void Prepare(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer);

    void Keep(MaterialFields fields);
}
