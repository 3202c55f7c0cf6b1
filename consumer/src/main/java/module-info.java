/** A module that uses Mixel. */
module org.example.consumer {
  requires org.mixel.data;
  requires org.mixel.core;
  requires org.bytedeco.pytorch;
}
