using System.Security.Cryptography;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Costs.Calibration;

/// <summary>Streams, words, memory and curve points.</summary>
internal static class BasicProbes
{
    private const int Elements = 1 << 16;
    private const int RingBits = 32;
    private const int CurvePoints = 8;
    // More than allocators keep: session material is fresh memory, too.
    private const int StoredBytes = 3 << 24;

    public static IEnumerable<Probe> All => [Streams(), Shares(), Convolution(), Curve(), .. Memory()];

    private static Probe Streams()
    {
        AesCtrGenerator random = SecureRandom.CreateGenerator();
        ulong[] words = new ulong[Elements];
        return new Probe(Primitive.StreamedBlock, Elements / 2, () => random.FillRing(words, RingBits));
    }

    private static Probe Shares()
    {
        ulong[] words = new ulong[Elements];
        SecureRandom.CreateGenerator().FillRing(words, RingBits);
        ReplayChannel channel = new();
        return new Probe(Primitive.HandledElement, Elements, () => ShareMessages.Send(channel, words, RingBits));
    }

    private static Probe Convolution()
    {
        ConvolutionGeometry geometry = new() { InputChannels = 32, InputHeight = 16, InputWidth = 16, OutputChannels = 32, KernelHeight = 3, KernelWidth = 3 };
        ulong[] input = new ulong[geometry.InputCount], weights = new ulong[geometry.WeightCount], output = new ulong[geometry.OutputCount];
        return new Probe(
            Primitive.MultiplyAccumulate, (long)geometry.OutputCount * geometry.Taps, () => RingConvolution.Apply(geometry, input, weights, output));
    }

    // As in a base transfer: a fresh point, and its product with the other's secret.
    private static Probe Curve() => new(Primitive.CurveMultiplication, 2 * CurvePoints, () =>
    {
        using ECDiffieHellman secret = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        for (int i = 0; i < CurvePoints; i++)
        {
            using ECDiffieHellman key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
            P256Point.Of(key).MultiplyBySecret(secret);
        }
    });

    private static IEnumerable<Probe> Memory()
    {
        byte[] source = new byte[1 << 16];
        NativeMemoryHandle? memory = null;
        void Store()
        {
            memory = new NativeMemoryHandle(StoredBytes);
            Fill(memory, source);
        }

        void Release() => memory?.Dispose();
        yield return new Probe(Primitive.StoredByte, StoredBytes, Store) { Prepare = Release };
        Release();
        yield return new Probe(Primitive.ReleasedByte, StoredBytes, Release) { Prepare = Store };
    }

    private static unsafe void Fill(NativeMemoryHandle memory, byte[] source)
    {
        for (int position = 0; position < StoredBytes; position += source.Length)
            source.CopyTo(new Span<byte>((byte*)memory.DangerousGetHandle() + position, source.Length));
    }
}
