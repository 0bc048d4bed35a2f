using System.Runtime.InteropServices;

namespace PrivateInference.Runtime.Garbling;

/// <summary>Uninitialised memory outside the collected heap.</summary>
internal sealed unsafe class NativeMemoryHandle : SafeHandle
{
    /// <exception cref="OutOfMemoryException">The machine has no room.</exception>
    public NativeMemoryHandle(long bytes)
        : base(invalidHandleValue: 0, ownsHandle: true) =>
        SetHandle((nint)NativeMemory.Alloc(checked((nuint)bytes)));

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
