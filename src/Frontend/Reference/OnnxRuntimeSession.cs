using System.Collections.Immutable;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Reference;

/// <summary>
/// A model loaded by ONNX Runtime, the independent reference of the float model. Runs may be concurrent.
/// </summary>
public sealed class OnnxRuntimeSession : IDisposable
{
    private readonly OrtApi _api;
    private readonly OrtHandle _session;

    private OnnxRuntimeSession(OrtApi api, OrtHandle session)
    {
        _api = api;
        _session = session;
        OrtValues values = new(api);
        Inputs = values.DescribeInputs(session);
        Outputs = values.DescribeOutputs(session);
    }

    /// <summary>The inputs without a default, in the model's order.</summary>
    public ImmutableArray<OnnxRuntimeValue> Inputs { get; }

    /// <summary>All outputs, in the model's order.</summary>
    public ImmutableArray<OnnxRuntimeValue> Outputs { get; }

    /// <summary>Loads a model file; external data is looked for beside it.</summary>
    /// <exception cref="OnnxRuntimeNotFoundException">ONNX Runtime is not installed.</exception>
    /// <exception cref="OnnxRuntimeException">The model cannot be loaded.</exception>
    public static OnnxRuntimeSession Open(string path, OnnxRuntimeOptions? options = null)
    {
        OrtApi api = OnnxRuntimeLibrary.Instance.Api;
        using OrtHandle sessionOptions = api.CreateSessionOptions(options ?? OnnxRuntimeOptions.Default);
        return new OnnxRuntimeSession(api, api.CreateSession(path, sessionOptions));
    }

    /// <summary>Loads a model that holds all its data.</summary>
    /// <inheritdoc cref="Open(string, OnnxRuntimeOptions?)"/>
    public static OnnxRuntimeSession Open(ReadOnlySpan<byte> model, OnnxRuntimeOptions? options = null)
    {
        OrtApi api = OnnxRuntimeLibrary.Instance.Api;
        using OrtHandle sessionOptions = api.CreateSessionOptions(options ?? OnnxRuntimeOptions.Default);
        return new OnnxRuntimeSession(api, api.CreateSession(model, sessionOptions));
    }

    /// <summary>Loads a model file, or says why there is no reference for it: no library, or a model that it refuses.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="reason">Empty when the session is open.</param>
    /// <returns>The session, or null.</returns>
    public static OnnxRuntimeSession? TryOpen(string path, out string reason)
    {
        try
        {
            reason = "";
            return Open(path);
        }
        catch (Exception e) when (e is OnnxRuntimeNotFoundException or OnnxRuntimeException)
        {
            reason = e.Message;
            return null;
        }
    }

    /// <summary>
    /// Computes the outputs for one tensor per input. An input of another width of the same kind converts: the runtime gets
    /// half-precision numbers from a float tensor where the model says so. Outputs that a <see cref="Tensor"/> cannot hold
    /// (see <see cref="OnnxRuntimeValue.Element"/>) are left out.
    /// </summary>
    /// <param name="inputs">A tensor per name of <see cref="Inputs"/>; its shape resolves open dimensions.</param>
    /// <returns>A tensor per output name.</returns>
    /// <exception cref="OnnxRuntimeException">An input is missing or of the wrong type or shape, or the run fails.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs)
    {
        // A model may list a value twice among its outputs.
        OnnxRuntimeValue[] outputs = [.. Outputs.Where(o => o.Element is not null).DistinctBy(o => o.Name, StringComparer.Ordinal)];
        OrtHandle[] arguments = [], results = [];
        OrtValues values = new(_api);
        bool held = false;
        try
        {
            _session.DangerousAddRef(ref held);
            arguments = [.. Inputs.Select(i => values.Create(i, Argument(i, inputs)))];
            using Utf8Texts inputNames = new(Inputs.Select(i => i.Name)), outputNames = new(outputs.Select(o => o.Name));
            results = _api.Run(_session, inputNames.Pointers, Array.ConvertAll(arguments, a => a.Pointer), outputNames.Pointers);
            return outputs.Zip(results).ToDictionary(o => o.First.Name, o => values.Read(o.Second), StringComparer.Ordinal);
        }
        finally
        {
            Array.ForEach(arguments, a => a.Dispose());
            Array.ForEach(results, r => r.Dispose());
            if (held)
                _session.DangerousRelease();
        }
    }

    /// <summary>Releases the model; a run under way on another thread ends first.</summary>
    public void Dispose() => _session.Dispose();

    private Tensor Argument(OnnxRuntimeValue input, IReadOnlyDictionary<string, Tensor> inputs)
        => inputs.TryGetValue(input.Name, out Tensor? tensor)
            ? tensor
            : throw new OnnxRuntimeException($"Input '{input.Name}' is missing; the model takes {string.Join("; ", Inputs)}.");
}
