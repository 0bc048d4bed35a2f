using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>The client of a polynomial step and its material, for one inference. Disposal clears it.</summary>
internal interface IPolynomialClient : IDisposable
{
    /// <summary>Offline: fills a batch of the material.</summary>
    /// <param name="batch">The elements.</param>
    /// <param name="channel">To the server.</param>
    /// <param name="session">Gives tweaks.</param>
    /// <param name="random">Draws what is random.</param>
    /// <param name="transfers">The batch's transfers.</param>
    /// <param name="beforeAnswer">Called before the first message from the server.</param>
    void Prepare(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer);

    /// <summary>Online: evaluates, answers and clears the material.</summary>
    void Run(MessageChannel channel);

    void Keep(MaterialFields fields);
}
