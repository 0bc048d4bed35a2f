using System.Buffers;
using System.Collections.Immutable;
using System.Numerics;
using PrivateInference.Runtime.Numerics;
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
    /// Receives a request, <see cref="ConvolutionPacking.RequestBytes"/> bytes, and sends the answer of
    /// <see cref="ConvolutionPacking.ResponseBytes"/> bytes: some patches at a time, while the request's next may be on their way.
    /// </summary>
    /// <param name="key">The client's public key, of the layer's parameters.</param>
    /// <param name="request">Where the request comes from.</param>
    /// <param name="mask">s: the server's share of the output N×M×H×W; ring elements.</param>
    /// <param name="random">Fresh randomness.</param>
    /// <param name="response">Where the answer goes.</param>
    /// <exception cref="PeerProtocolException">The request has a residue out of range, or a channel failed.</exception>
    /// <exception cref="ArgumentException">The mask or the key is not of this layer.</exception>
    public void Answer(RlwePublicKey key, IChannel request, ReadOnlyMemory<ulong> mask, IRandomSource random, IChannel response)
    {
        if (mask.Length != _packing.Geometry.OutputCount)
            throw new ArgumentException($"The layer has {_packing.Geometry.OutputCount} outputs; the mask {mask.Length}.", nameof(mask));
        if (key.Parameters != _packing.Parameters)
            throw new ArgumentException("The public key is of other parameters than the layer.", nameof(key));

        Span<byte> seed = stackalloc byte[Block.Size];
        request.Receive(seed);
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
                ciphertexts.Receive(patch, request, expansion);
            var bytes = _layout.BytesOf(first, patches);
            var answer = ArrayPool<byte>.Shared.Rent(bytes);
            Answer(workers, ciphertexts, first, patches, mask, answer.AsMemory(0, bytes));
            response.Send(answer.AsSpan(0, bytes));
            ArrayPool<byte>.Shared.Return(answer);
        }
    }

    private void Answer(
        AnswerWorker[] workers, PatchCiphertexts ciphertexts, int first, int patches, ReadOnlyMemory<ulong> mask, Memory<byte> answer)
    {
        var next = -1;
        if (workers.Length == 1)
            Work(0);
        else
            Parallel.For(0, workers.Length, Work);

        void Work(int worker)
        {
            for (int block; (block = Interlocked.Increment(ref next)) < _blocks.Length;)
                workers[worker].Answer(ciphertexts, first, patches, _blocks[block], mask.Span, _layout, answer.Span);
        }
    }

    /// <summary>Request ciphertexts of an evaluation, expanded into pooled memory, whose sizes are powers of two; and a thread's sums.</summary>
    internal static long WorkingBytes(ConvolutionPacking packing, bool keptWeights)
    {
        var patches = PatchesAtOnce(packing, keptWeights);
        var half = BitOperations.RoundUpToPowerOf2((ulong)patches * (ulong)packing.InputTiles * (ulong)packing.Parameters.ResidueCount);
        var sums = (long)patches * NttProducts.Sums * packing.Parameters.ResidueCount;
        return 2 * sizeof(double) * ((long)half + sums);
    }

    /// <summary>Pieces that an answer is sent in.</summary>
    internal static int ResponsePieces(ConvolutionPacking packing, bool keptWeights)
    {
        var patches = PatchesAtOnce(packing, keptWeights);
        return (packing.Patches + patches - 1) / patches;
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
