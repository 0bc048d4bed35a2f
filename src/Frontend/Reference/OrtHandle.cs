using System.Runtime.InteropServices;

namespace PrivateInference.Frontend.Reference;

/// <summary>An object of ONNX Runtime that this process owns.</summary>
internal sealed class OrtHandle : SafeHandle
{
    private readonly OrtApi _api;
    private readonly OrtFunction _release;

    public OrtHandle(OrtApi api, OrtFunction release, nint pointer)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        _api = api;
        _release = release;
        SetHandle(pointer);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The object's address; the caller keeps the handle open while it is used.</summary>
    /// <exception cref="ObjectDisposedException">The object is released.</exception>
    public nint Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return handle;
        }
    }

    protected override bool ReleaseHandle()
    {
        _api.Release(_release, handle);
        return true;
    }
}
