using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// A linear step in the style of Delphi (Mishra et al. 2020, section 4.1). Offline, the client sends an encryption of its
/// share r of the input and receives one of W·r − s, its share of the product; the server keeps s. Online, the server
/// computes W·(x − r) + s + bias in the clear and nothing is sent.
/// </summary>
internal sealed class LinearProtocol
{
    private const int SharesPerBlock = 2;

    private readonly ConvolutionPacking _packing;

    /// <param name="step">The step's index.</param>
    /// <param name="packing">Of the step.</param>
    public LinearProtocol(int step, ConvolutionPacking packing)
    {
        _packing = packing;
        Request = PlannedMessage.Create(step, Phase.Offline, Party.Client, _packing.RequestBytes);
        Response = PlannedMessage.Create(step, Phase.Offline, Party.Server, _packing.ResponseBytes);
    }

    /// <summary>Offline, from the client: its encrypted share of the input.</summary>
    public PlannedMessage Request { get; }

    /// <summary>Offline, from the server: the encrypted, masked product.</summary>
    public PlannedMessage Response { get; }

    /// <summary>The client, while it sends the request.</summary>
    public WorkCost EncryptionWork => LinearLayerWork.Encryption(_packing);

    /// <summary>The server, while it reads the request: the answer, for a fresh share of the output.</summary>
    public WorkCost EvaluationWork => LinearLayerWork.Evaluation(_packing, KeepsWeights) + WorkCost.Stream(Outputs / SharesPerBlock);

    /// <summary>The client, while it reads the response.</summary>
    public WorkCost DecryptionWork => LinearLayerWork.Decryption(_packing);

    /// <summary>The server, online: the product in the clear.</summary>
    public WorkCost ProductWork => WorkCost.Of(Primitive.MultiplyAccumulate, Outputs * _packing.Geometry.Taps)
        + WorkCost.Of(Primitive.HandledElement, Outputs);

    /// <summary>What the server keeps for an inference: s. The client's share goes into the next step's material.</summary>
    public PartyBytes Storage => new() { ClientBytes = 0, ServerBytes = Outputs * sizeof(ulong) };

    /// <summary>Whether the server keeps the transformed weights; see <see cref="WeightMemory"/>.</summary>
    public bool KeepsWeights { get; init; }

    /// <summary>Threads that either party works with.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>What the server holds per model: the transformed weights, if it keeps them.</summary>
    public long PreparedBytes => KeepsWeights ? PreparedWeights.BytesOf(_packing) : 0;

    /// <summary>What the server takes while it answers, besides the response.</summary>
    public long WorkingBytes => LinearLayerServer.WorkingBytes(_packing, KeepsWeights);

    /// <summary>In how many pieces the server answers a request.</summary>
    public int ResponsePieces => LinearLayerServer.ResponsePieces(_packing, KeepsWeights);

    private long Outputs => _packing.Geometry.OutputCount;

    /// <summary>The client's half of the layer, for one exchange.</summary>
    public LinearLayerClient CreateClient(RlweClientKeys keys) => new(keys, _packing, Threads);

    /// <summary>The layer's weights, which are not copied, as the server's half takes them.</summary>
    public LayerWeights Weights(ReadOnlyMemory<long> integers) => new(_packing, integers);

    /// <summary>The server's half of the layer.</summary>
    /// <param name="weights">What <see cref="Weights"/> gave.</param>
    /// <param name="kept">Them, transformed; null unless they are kept.</param>
    public LinearLayerServer CreateServer(LayerWeights weights, ReadOnlyMemory<double>? kept) => new(new PreparedWeights(weights, kept), Threads);

    public void SendRequest(MessageChannel channel, LinearLayerClient layer, ReadOnlyMemory<ulong> inputShare, IRandomSource random)
    {
        channel.BeginSend(MessageKind.Step, Request);
        layer.EncryptMask(inputShare, channel, random);
        channel.EndSend();
    }

    /// <summary>Reads the request and answers it, while the client may still be sending this request and others.</summary>
    public void Answer(MessageChannel channel, LinearLayerServer layer, RlwePublicKey key, ReadOnlyMemory<ulong> outputMask, IRandomSource random)
    {
        channel.BeginReceive(MessageKind.Step, Request);
        channel.BeginPost(MessageKind.Step, Response);
        layer.Answer(key, channel, outputMask, random, channel);
        channel.EndReceive();
        channel.EndSend();
    }

    public void ReceiveResponse(MessageChannel channel, LinearLayerClient layer, Memory<ulong> outputShare)
    {
        channel.BeginReceive(MessageKind.Step, Response);
        layer.DecryptShare(channel, outputShare);
        channel.EndReceive();
    }
}
