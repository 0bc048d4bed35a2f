using System.Collections.Immutable;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// The server's side of a linear layer's offline phase: from encryptions of the client's mask r to one of W·r − s. Holds no
/// state of a session; any number of threads may evaluate at once.
/// </summary>
/// <param name="weights">The layer's.</param>
/// <param name="threads">Threads that an evaluation works with, at least one; the client's share is the same for any number.</param>
public sealed class LinearLayerServer(PreparedWeights weights, int threads = 1)
{
    /// <summary>Bytes of a layer's expanded request ciphertexts that are held at once, unless one patch has more.</summary>
    private const long CiphertextBytes = 64L << 20;

    /// <summary>Patches that share what making a factor takes; more save little.</summary>
    private const int MostPatchesAtOnce = 8;

    private readonly ConvolutionPacking _packing = weights.Packing;
    private readonly ImmutableArray<OutputBlock> _blocks = [.. OutputBlock.Of(weights.Packing)];
    private readonly ResponseLayout _layout = new(weights.Packing);

    /// <summary>
    /// Receives a request, <see cref="ConvolutionPacking.RequestBytes"/> bytes, and computes the answer of
    /// <see cref="ConvolutionPacking.ResponseBytes"/> bytes, which the caller sends and disposes.
    /// </summary>
    /// <param name="key">The client's public key, of the layer's parameters.</param>
    /// <param name="channel">Where the request comes from.</param>
    /// <param name="mask">s: the server's share of the output N×M×H×W; ring elements.</param>
    /// <param name="random">Fresh randomness.</param>
    /// <exception cref="PeerProtocolException">The request has a residue out of range, or the channel failed.</exception>
    /// <exception cref="ArgumentException">The mask or the key is not of this layer.</exception>
    public PooledResponse Evaluate(RlwePublicKey key, IChannel channel, ReadOnlyMemory<ulong> mask, IRandomSource random)
    {
        if (mask.Length != _packing.Geometry.OutputCount)
            throw new ArgumentException($"The layer has {_packing.Geometry.OutputCount} outputs; the mask {mask.Length}.", nameof(mask));
        if (key.Parameters != _packing.Parameters)
            throw new ArgumentException("The public key is of other parameters than the layer.", nameof(key));

        var response = new PooledResponse(checked((int)_packing.ResponseBytes));
        try
        {
            Evaluate(key, channel, mask, random, response.Writable);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private void Evaluate(RlwePublicKey key, IChannel channel, ReadOnlyMemory<ulong> mask, IRandomSource random, Memory<byte> response)
    {
        Span<byte> seed = stackalloc byte[Block.Size];
        channel.Receive(seed);
        AesCtrGenerator expander = new(Block.Read(seed));
        var expansion = new RlweSampler(expander);
        var patchesAtOnce = PatchesAtOnce(_packing, weights.AreKept);
        using var ciphertexts = new PatchCiphertexts(_packing, patchesAtOnce);
        AnswerWorker[] workers =
            [.. WorkerRandom.Split(random, Math.Min(threads, _blocks.Length)).Select(source => new AnswerWorker(weights, key, source, patchesAtOnce))];
        for (var first = 0; first < _packing.Patches; first += patchesAtOnce)
        {
            var patches = Math.Min(patchesAtOnce, _packing.Patches - first);
            for (var patch = 0; patch < patches; patch++)
                ciphertexts.Receive(patch, channel, expansion);
            var (next, start) = (-1, first);
            void Work(int worker)
            {
                for (int block; (block = Interlocked.Increment(ref next)) < _blocks.Length;)
                    workers[worker].Answer(ciphertexts, start, patches, _blocks[block], mask.Span, _layout, response.Span);
            }

            if (workers.Length == 1)
                Work(0);
            else
                Parallel.For(0, workers.Length, Work);
        }
    }

    /// <summary>Patches that are answered together, which share what making the factors takes.</summary>
    internal static int PatchesAtOnce(ConvolutionPacking packing, bool keptWeights)
    {
        if (keptWeights && packing.Layout.Parts == 1)
            return 1;
        var patchBytes = 2L * sizeof(double) * packing.InputTiles * packing.Parameters.ResidueCount;
        return (int)Math.Clamp(CiphertextBytes / patchBytes, 1, Math.Min(MostPatchesAtOnce, packing.Patches));
    }
}
