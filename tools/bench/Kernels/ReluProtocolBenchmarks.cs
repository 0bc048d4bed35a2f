using BenchmarkDotNet.Attributes;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Benchmarks.Kernels;

/// <summary>
/// ReLUs with truncation by 12 bits in a ring of 37, offline and online together, both parties on two threads over memory;
/// times are per ReLU. The rest of the plan is input and output.
/// </summary>
public class ReluProtocolBenchmarks
{
    private const int Count = 1 << 15;

    private readonly float[] _input = new float[Count];
    private InMemorySession _garbled = null!;
    private InMemorySession _transferred = null!;

    [GlobalSetup]
    public void Setup()
    {
        _garbled = new InMemorySession(Plan(NonLinearMethod.Garbled));
        _transferred = new InMemorySession(Plan(NonLinearMethod.ObliviousTransfer));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _garbled.Dispose();
        _transferred.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public InferenceResult Garbled() => _garbled.Infer(_input);

    [Benchmark(OperationsPerInvoke = Count)]
    public InferenceResult ObliviousTransfer() => _transferred.Infer(_input);

    private static ExecutionPlan Plan(NonLinearMethod method)
    {
        ModelWeights none = new() { Tensors = [] };
        PlanValue input = new() { Name = "x", Shape = [1, Count], Scale = 4096, Bits = LayerShapes.RingBits, Minimum = -1000, Maximum = 1000 };
        PlanValue relu = input with { Name = "relu", Scale = 1 };
        return new ExecutionPlan
        {
            Name = "relu",
            Backend = "hybrid",
            RingBits = LayerShapes.RingBits,
            Values = [input, relu, relu with { Name = "y" }],
            Steps =
            [
                new InputStep { Name = "x", Output = 0 },
                new NonLinearStep { Name = "relu", Input = 0, Output = 1, InputBits = LayerShapes.RingBits, Shift = 12, Activation = Activation.Relu, Method = method },
                new OutputStep { Name = "y", Input = 1, Output = 2 },
            ],
            WeightsDigest = WeightsSerializer.Digest(none),
        };
    }

    /// <summary>Client and server of a plan without weights, the server in a thread of its own.</summary>
    private sealed class InMemorySession : IDisposable
    {
        private readonly MemoryChannel _near;
        private readonly ClientSession _client;
        private readonly Task _serving;

        public InMemorySession(ExecutionPlan plan)
        {
            (_near, MemoryChannel far) = MemoryChannel.CreatePair(1 << 22);
            ServerModel model = new(plan, new ModelWeights { Tensors = [] });
            _serving = Task.Run(() =>
            {
                using MessageChannel channel = new(far, Party.Server, Party.Client);
                using ServerSession server = new(model, channel, new SessionLimits(), audit: false);
                if (server.Accept(() => null) is null)
                    server.Run();
            });
            _client = new ClientSession(plan, new MessageChannel(_near, Party.Client, Party.Server), audit: false);
            _client.Open();
        }

        public InferenceResult Infer(float[] input) => _client.Infer(input);

        public void Dispose()
        {
            _client.TryClose();
            _client.Dispose();
            _serving.GetAwaiter().GetResult();
            _near.Dispose();
        }
    }
}
