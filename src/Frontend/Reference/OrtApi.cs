using System.Runtime.InteropServices;

namespace PrivateInference.Frontend.Reference;

/// <summary>
/// ONNX Runtime's C interface: calls through its function table, statuses turned into exceptions, results into handles.
/// Every method throws <see cref="OnnxRuntimeException"/> with the runtime's own message when the call fails.
/// </summary>
internal sealed unsafe class OrtApi
{
    /// <summary>All functions used here are in the first version of the table, so that any library will do.</summary>
    private const uint Version = 1;

    /// <summary>Failures come as statuses; the standard error stream belongs to the application.</summary>
    private const int LogOnlyFatal = 4;

    private readonly nint* _functions;
    private readonly nint _allocator;
    private readonly OrtHandle _environment;

    /// <param name="getApiBase">The library's export <c>OrtGetApiBase</c>.</param>
    public OrtApi(nint getApiBase)
    {
        // struct OrtApiBase: GetApi(version), GetVersionString().
        nint* apiBase = ((delegate* unmanaged<nint*>)getApiBase)();
        _functions = ((delegate* unmanaged<uint, nint*>)apiBase[0])(Version);
        LibraryVersion = Text(((delegate* unmanaged<nint>)apiBase[1])());
        if (_functions is null)
            throw new OnnxRuntimeException($"ONNX Runtime {LibraryVersion} does not offer version {Version} of its C interface.");

        nint allocator;
        Check(((delegate* unmanaged<nint*, nint>)this[OrtFunction.GetAllocatorWithDefaultOptions])(&allocator));
        _allocator = allocator;
        _environment = CreateEnvironment();
    }

    /// <summary>The library's version, "1.30.0".</summary>
    public string LibraryVersion { get; }

    private nint this[OrtFunction function] => _functions[(int)function];

    public static string Text(nint utf8) => Marshal.PtrToStringUTF8(utf8) ?? "";

    /// <exception cref="OnnxRuntimeException">The status, which is consumed, is a failure.</exception>
    public void Check(nint status)
    {
        if (status == 0)
            return;
        string message = Text(((delegate* unmanaged<nint, nint>)this[OrtFunction.GetErrorMessage])(status));
        Release(OrtFunction.ReleaseStatus, status);
        throw new OnnxRuntimeException(message);
    }

    public void Release(OrtFunction release, nint pointer) => ((delegate* unmanaged<nint, void>)this[release])(pointer);

    /// <summary>Calls a function that maps an object to a pointer or a size.</summary>
    public nint Get(OrtFunction getter, nint subject)
    {
        nint result;
        Check(((delegate* unmanaged<nint, nint*, nint>)this[getter])(subject, &result));
        return result;
    }

    public OrtHandle CreateSessionOptions(OnnxRuntimeOptions options)
    {
        nint pointer;
        Check(((delegate* unmanaged<nint*, nint>)this[OrtFunction.CreateSessionOptions])(&pointer));
        OrtHandle handle = new(this, OrtFunction.ReleaseSessionOptions, pointer);
        SetOption(OrtFunction.SetIntraOpNumThreads, pointer, options.Threads);
        SetOption(OrtFunction.SetSessionGraphOptimizationLevel, pointer, (int)options.Optimization);
        return handle;
    }

    public OrtHandle CreateSession(string path, OrtHandle options)
    {
        nint session, text = OperatingSystem.IsWindows() ? Marshal.StringToCoTaskMemUni(path) : Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            Check(((delegate* unmanaged<nint, nint, nint, nint*, nint>)this[OrtFunction.CreateSession])(
                _environment.Pointer, text, options.Pointer, &session));
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }

        return new OrtHandle(this, OrtFunction.ReleaseSession, session);
    }

    public OrtHandle CreateSession(ReadOnlySpan<byte> model, OrtHandle options)
    {
        nint session;
        fixed (byte* bytes = model)
        {
            Check(((delegate* unmanaged<nint, byte*, nint, nint, nint*, nint>)this[OrtFunction.CreateSessionFromArray])(
                _environment.Pointer, bytes, model.Length, options.Pointer, &session));
        }

        return new OrtHandle(this, OrtFunction.ReleaseSession, session);
    }

    /// <summary>The name of an input or output.</summary>
    public string Name(OrtFunction getter, OrtHandle session, int index)
    {
        nint text;
        Check(((delegate* unmanaged<nint, nint, nint, nint*, nint>)this[getter])(session.Pointer, index, _allocator, &text));
        string name = Text(text);
        Check(((delegate* unmanaged<nint, nint, nint>)this[OrtFunction.AllocatorFree])(_allocator, text));
        return name;
    }

    /// <summary>The type of an input or output.</summary>
    public OrtHandle TypeInfo(OrtFunction getter, OrtHandle session, int index)
    {
        nint info;
        Check(((delegate* unmanaged<nint, nint, nint*, nint>)this[getter])(session.Pointer, index, &info));
        return new OrtHandle(this, OrtFunction.ReleaseTypeInfo, info);
    }

    /// <summary>The number of an element type; the runtime numbers them as ONNX does.</summary>
    public int ElementType(nint tensorInfo)
    {
        int type;
        Check(((delegate* unmanaged<nint, int*, nint>)this[OrtFunction.GetTensorElementType])(tensorInfo, &type));
        return type;
    }

    /// <summary>The dimensions of a tensor, −1 where the model leaves one open.</summary>
    public long[] Dimensions(nint tensorInfo)
    {
        long[] dimensions = new long[Get(OrtFunction.GetDimensionsCount, tensorInfo)];
        nint rank = dimensions.Length;
        fixed (long* first = dimensions)
            Check(((delegate* unmanaged<nint, long*, nint, nint>)this[OrtFunction.GetDimensions])(tensorInfo, first, rank));
        return dimensions;
    }

    /// <summary>The names of a tensor's open dimensions, empty where there is none.</summary>
    public string[] Symbols(nint tensorInfo, int rank)
    {
        nint[] symbols = new nint[rank];
        fixed (nint* first = symbols)
            Check(((delegate* unmanaged<nint, nint*, nint, nint>)this[OrtFunction.GetSymbolicDimensions])(tensorInfo, first, rank));
        return Array.ConvertAll(symbols, Text);
    }

    public OrtHandle CreateTensor(ReadOnlySpan<long> shape, int elementType)
    {
        nint value;
        fixed (long* dimensions = shape)
        {
            Check(((delegate* unmanaged<nint, long*, nint, int, nint*, nint>)this[OrtFunction.CreateTensorAsOrtValue])(
                _allocator, dimensions, shape.Length, elementType, &value));
        }

        return new OrtHandle(this, OrtFunction.ReleaseValue, value);
    }

    /// <summary>Runs a session; the arrays of names are zero-terminated UTF-8 texts.</summary>
    public OrtHandle[] Run(
        OrtHandle session, ReadOnlySpan<nint> inputNames, ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputNames)
    {
        nint[] outputs = new nint[outputNames.Length];
        fixed (nint* names = inputNames, values = inputs, wanted = outputNames, results = outputs)
        {
            Check(((delegate* unmanaged<nint, nint, nint*, nint*, nint, nint*, nint, nint*, nint>)this[OrtFunction.Run])(
                session.Pointer, 0, names, values, inputs.Length, wanted, outputs.Length, results));
        }

        return Array.ConvertAll(outputs, value => new OrtHandle(this, OrtFunction.ReleaseValue, value));
    }

    private void SetOption(OrtFunction setter, nint options, int value)
        => Check(((delegate* unmanaged<nint, int, nint>)this[setter])(options, value));

    private OrtHandle CreateEnvironment()
    {
        nint environment;
        fixed (byte* name = "reference\0"u8)
            Check(((delegate* unmanaged<int, byte*, nint*, nint>)this[OrtFunction.CreateEnv])(LogOnlyFatal, name, &environment));
        return new OrtHandle(this, OrtFunction.ReleaseEnv, environment);
    }
}
