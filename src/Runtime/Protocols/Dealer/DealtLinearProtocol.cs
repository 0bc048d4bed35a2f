using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.Dealer;

/// <summary>
/// The offline phase of a linear step with a dealer, in the place of the encrypted products of
/// <see cref="TwoParty.LinearProtocol"/>: a matrix product from a Beaver triple whose factor A belongs to the weights and lasts
/// for a session (Beaver, "Efficient multiparty protocols using circuit randomization", CRYPTO 1991; SecureML, section 4.1).
/// <list type="number">
/// <item>Once a session, the server opens D = W − A to the client; A is expanded from the server's seed.</item>
/// <item>For an inference, c and c′ are the client's shares of the step's input and output, k a pad, all expanded from the
/// client's seed. The dealer, which knows both seeds, gives the server z = A·c − k.</item>
/// <item>The client gives the server v = D·c + k − c′. The server's share of the product is s = z + v = W·c − c′.</item>
/// </list>
/// <para>
/// What is seen. The client: D, uniform as A is. The server: z, uniform as k is used once, and v = s − z, where s is uniform as c′
/// is used once. The dealer: nothing of either, it receives only requests. The dealer and the client together know W = D + A;
/// the dealer and the server together know c, hence the client's input.
/// </para>
/// </summary>
internal sealed class DealtLinearProtocol
{
    private const int WordsPerBlock = 2;

    private readonly ConvolutionGeometry _geometry;
    private readonly Ring _ring;

    public DealtLinearProtocol(int step, ConvolutionStep definition, int ringBits)
    {
        Step = step;
        _geometry = definition.Geometry;
        _ring = new Ring(ringBits);
        long bytes = PackedBits.ByteCount((long)_geometry.OutputCount * ringBits);
        Correction = PlannedMessage.Create(step, Phase.Offline, Party.Helper, bytes);
        Answer = PlannedMessage.Create(step, Phase.Offline, Party.Client, bytes);
    }

    public int Step { get; }

    /// <summary>Elements of A, D and W.</summary>
    public int Weights => _geometry.WeightCount;

    /// <summary>Elements of z and v.</summary>
    public int Outputs => _geometry.OutputCount;

    /// <summary>Bytes of D on the wire.</summary>
    public long DifferenceBytes => PackedBits.ByteCount((long)Weights * _ring.Bits);

    /// <summary>From the dealer to the server: z.</summary>
    public PlannedMessage Correction { get; }

    /// <summary>From the client to the server: v.</summary>
    public PlannedMessage Answer { get; }

    /// <summary>A product with A or D, and the words around it.</summary>
    public WorkCost ProductWork => WorkCost.Of(Primitive.MultiplyAccumulate, (long)Outputs * _geometry.Taps)
        + WorkCost.Of(Primitive.HandledElement, Outputs) + WorkCost.Stream(Outputs / WordsPerBlock);

    /// <summary>The server, for each of two words that make its share.</summary>
    public WorkCost ElementWork => WorkCost.Of(Primitive.HandledElement, Outputs);

    /// <summary>z = A·c − k; the dealer's.</summary>
    public ulong[] Correct(ReadOnlySpan<ulong> mask, ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> pad)
    {
        ulong[] product = new ulong[Outputs];
        RingConvolution.Apply(_geometry, inputShare, mask, product);
        _ring.Subtract(product, pad, product);
        return product;
    }

    /// <summary>The client: sends v = D·c + k − c′.</summary>
    public void SendAnswer(
        MessageChannel channel, ReadOnlySpan<ulong> difference, ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> pad, ReadOnlySpan<ulong> outputShare)
    {
        ulong[] product = new ulong[Outputs];
        RingConvolution.Apply(_geometry, inputShare, difference, product);
        _ring.Add(product, pad, product);
        _ring.Subtract(product, outputShare, product);
        ShareExchange.Send(channel, Answer, product, _ring.Bits);
    }

    /// <summary>The server: adds v to z, which gives its share of the product.</summary>
    public void ReceiveAnswer(MessageChannel channel, Span<ulong> correction)
    {
        ulong[] answer = new ulong[Outputs];
        ShareExchange.Receive(channel, Answer, answer, _ring.Bits);
        _ring.Add(correction, answer, correction);
    }
}
